import { ServiceError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { LimitRequest } from '../gateway/admit/limit-keeper.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import { isTokenPrincipalId } from '../gateway/authenticate/tokens/principal-id.ts'
import { requireGroup } from '../gateway/authorize/groups.ts'

interface CallerParts {
  readonly keys: Pick<KeyStore, 'list'>
  /** Names of the groups in force. */
  readonly groups: readonly string[]
}

/**
 * Whoever an operator names by an id. Rejects with `not-found` for a caller who is not there, `invalid-request` for a group
 * that is not known, or not that of the key.
 */
export type CallerOf = (named: LimitRequest) => Promise<Principal>

export function createCallerOf({ keys, groups }: CallerParts): CallerOf {
  return async ({ principal: id, group: named, person }) => {
    const isToken = isTokenPrincipalId(id)
    const key = isToken ? undefined : (await keys.list()).find((each) => each.id === id)
    if (!isToken && key === undefined) {
      throw new ServiceError('not-found', 'There is no caller of this id.', {
        advice: '"sallyport keys list" shows the ids of keys; the audit trail has those of tokens, token-….',
      })
    }
    if (key !== undefined && named !== null && named !== key.group) {
      throw new ServiceError('invalid-request', `The key is of the group ${key.group}.`, {
        parameter: 'group',
        advice: 'Leave the group out: a key has its own.',
      })
    }
    const group = key?.group ?? named
    if (group === null) {
      throw new ServiceError('invalid-request', 'The group of whoever has a token is not known here.', {
        parameter: 'group',
        advice: 'Name it with --group, or as group=NAME of the route; the audit trail has it.',
      })
    }
    requireGroup(group, groups)
    return {
      id,
      kind: isToken ? 'token' : 'api-key',
      group,
      ...(key?.scopes == null ? {} : { scopes: key.scopes }),
      ...(person === null ? {} : { endUser: person }),
    }
  }
}
