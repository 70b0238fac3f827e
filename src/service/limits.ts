import { ServiceError } from '../core/errors.ts'
import type { QuotaStanding } from '../core/quotas.ts'
import type { LimitKeeper, SetLimit, StandingLimit } from '../gateway/admit/limit-keeper.ts'
import { shapesOf, windowOf } from '../gateway/admit/limits.ts'
import type { StandingsOf } from '../gateway/admit/standings.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import { isTokenPrincipalId } from '../gateway/authenticate/tokens/principal-id.ts'
import { requireGroup } from '../gateway/authorize/groups.ts'
import type { GroupOptions } from '../gateway/options.ts'

export type { LimitKeeper, SetLimit, StandingLimit } from '../gateway/admit/limit-keeper.ts'

interface KeeperParts {
  readonly standingsOf: StandingsOf
  readonly keys: Pick<KeyStore, 'list'>
  readonly groups: Readonly<Record<string, GroupOptions>>
}

export function createLimitKeeper({ standingsOf, keys, groups }: KeeperParts): LimitKeeper {
  return {
    list: async () => Object.entries(groups).map(([group, options]) => ({ group, limits: limitsOf(options) })),
    async show({ principal: id, group: named, person }) {
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
      requireGroup(group, Object.keys(groups))
      const kind = isToken ? 'token' : 'api-key'
      const standings = await standingsOf({ id, kind, group, ...(person === null ? {} : { endUser: person }) })
      return { group, limits: standings.map(toLimit) }
    },
  }
}

/** The limits of a group, those of each key that all groups have first. */
export function limitsOf(group: Parameters<typeof shapesOf>[0]): readonly SetLimit[] {
  return shapesOf(group).map(({ per, unit, every, most }) => ({ per, unit, window: windowOf(every), most }))
}

function toLimit({ limit, used, held, nextAt }: QuotaStanding): StandingLimit {
  const { account, unit, window, most } = limit
  const per = account.slice(0, account.indexOf(':')) as StandingLimit['per']
  const next = nextAt === null ? null : new Date(nextAt).toISOString()
  return { per, unit, window, most, used, held, left: Math.max(0, most - used - held), nextAt: next }
}
