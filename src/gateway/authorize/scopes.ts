import { ServiceError } from '../../core/errors.ts'
import { defaultKeyScopes, type KeyScope } from '../../core/key-scopes.ts'
import type { Principal } from '../../core/principal.ts'

/** Is the credential of a caller for this use? What its group may do is another question. */
export function hasScope({ kind, scopes = defaultKeyScopes }: Principal, scope: KeyScope): boolean {
  return kind === 'operator' || scopes.includes(scope)
}

/** Throws `forbidden` where the credential of a caller is not for this use, whatever the group may do. */
export function requireScope(principal: Principal, scope: KeyScope): void {
  if (hasScope(principal, scope)) return
  const { scopes = defaultKeyScopes } = principal
  throw new ServiceError('forbidden', `The key is not for this use: it has no scope "${scope}".`, {
    advice: `Ask the operator for a key with the scope: sallyport keys create NAME --scopes ${[...scopes, scope].join(',')}`,
  })
}
