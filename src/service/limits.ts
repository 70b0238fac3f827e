import type { QuotaStanding } from '../core/quotas.ts'
import type { LimitKeeper, SetLimit, StandingLimit } from '../gateway/admit/limit-keeper.ts'
import { shapesOf, windowOf } from '../gateway/admit/limits.ts'
import type { StandingsOf } from '../gateway/admit/standings.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import type { GroupOptions } from '../gateway/options.ts'
import { createCallerOf } from './caller-of.ts'

export type { LimitKeeper, SetLimit, StandingLimit } from '../gateway/admit/limit-keeper.ts'

interface KeeperParts {
  readonly standingsOf: StandingsOf
  readonly keys: Pick<KeyStore, 'list'>
  readonly groups: Readonly<Record<string, GroupOptions>>
}

export function createLimitKeeper({ standingsOf, keys, groups }: KeeperParts): LimitKeeper {
  const callerOf = createCallerOf({ keys, groups: Object.keys(groups) })
  return {
    list: async () => Object.entries(groups).map(([group, options]) => ({ group, limits: limitsOf(options) })),
    async show(asked) {
      const caller = await callerOf(asked)
      const standings = await standingsOf(caller)
      return { group: caller.group, limits: standings.map(toLimit) }
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
