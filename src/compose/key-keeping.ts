import type { Config } from '../config/schema.ts'
import type { KeyKeeper } from '../gateway/authenticate/key-keeper.ts'
import type { KeyTerms } from '../gateway/authenticate/keys.ts'
import { openKeyKeeper } from '../service/api-keys.ts'
import { onTrail } from './on-trail.ts'

/** Whoever can run the command line on the machine of the service. */
const by = 'local'

/** The keys of a configuration, for an operator at the command line, whose changes are on the trail as well. */
export async function openAuditedKeys(config: Config): Promise<KeyKeeper & AsyncDisposable> {
  const keeper = await openKeyKeeper(config)
  const made = ({ id }: { readonly id: string }) => ({ made: id })
  return {
    ...keeper,
    create(request) {
      const { group, scopes, expires } = request
      const fact = { event: 'key-create', by, group, ...(scopes && { scopes: [...scopes] }), ...told({ expires }) }
      return onTrail(config, fact, () => keeper.create(request), made)
    },
    rotate(id, terms = {}) {
      const { overlapMilliseconds: overlapMs, expires } = terms
      const fact = { event: 'key-rotate', by, key: id, ...(overlapMs && { overlapMs }), ...told({ expires }) }
      return onTrail(config, fact, () => keeper.rotate(id, terms), made)
    },
    revoke: (id) => onTrail(config, { event: 'key-revoke', by, key: id }, () => keeper.revoke(id)),
    [Symbol.asyncDispose]: () => keeper[Symbol.asyncDispose](),
  }
}

function told({ expires }: { readonly expires: KeyTerms['expires'] | undefined }) {
  return expires === undefined ? {} : { expires: { ...expires } }
}
