import { ServiceError } from '../../core/errors.ts'
import { defaultKeyScopes, type KeyScope } from '../../core/key-scopes.ts'
import type { Principal } from '../../core/principal.ts'

/** Throws `forbidden` where the credential of a caller is not for this use, whatever the group may do. */
export function requireScope({ kind, scopes = defaultKeyScopes }: Principal, scope: KeyScope): void {
  if (kind === 'operator' || scopes.includes(scope)) return
  throw new ServiceError('forbidden', `The key is not for this use: it has no scope "${scope}".`, {
    advice: `Ask the operator for a key with the scope: sallyport keys create NAME --scopes ${[...scopes, scope].join(',')}`,
  })
}
