import { ServiceError } from '../core/errors.ts'
import type { QuotaStanding } from '../core/quotas.ts'
import type { LimitKeeper, StandingLimit } from '../gateway/admit/limit-keeper.ts'
import type { StandingsOf } from '../gateway/admit/standings.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import { requireGroup } from '../gateway/authorize/groups.ts'

interface KeeperParts {
  readonly standingsOf: StandingsOf
  readonly keys: Pick<KeyStore, 'list'>
  readonly groups: readonly string[]
}

export function createLimitKeeper({ standingsOf, keys, groups }: KeeperParts): LimitKeeper {
  return {
    async show({ principal: id, group: named, person }) {
      const isToken = /^token-[0-9a-f]{64}$/.test(id)
      const key = isToken ? undefined : (await keys.list()).find((each) => each.id === id)
      if (!isToken && key === undefined) {
        throw new ServiceError('not-found', 'There is no caller of this id.', {
          advice: '"sallyport keys list" shows the ids of keys; the audit trail has those of tokens, token-….',
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
      const kind = isToken ? 'token' : 'api-key'
      const standings = await standingsOf({ id, kind, group, ...(person === null ? {} : { endUser: person }) })
      return { group, limits: standings.map(toLimit) }
    },
  }
}

function toLimit({ limit, used, held, nextAt }: QuotaStanding): StandingLimit {
  const { account, unit, window, most } = limit
  const per = account.slice(0, account.indexOf(':')) as StandingLimit['per']
  const next = nextAt === null ? null : new Date(nextAt).toISOString()
  return { per, unit, window, most, used, held, left: Math.max(0, most - used - held), nextAt: next }
}
