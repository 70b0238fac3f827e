import type { z } from 'zod'
import { limitsOf, type LimitKeeper, type StandingLimit } from '../../service/limits.ts'
import { listGroups } from '../../surfaces/wire/admin/groups.ts'
import { showLimits } from '../../surfaces/wire/admin/limits.ts'
import type { AskAdmin } from './admin-client.ts'

/** The limits of a service that runs elsewhere. */
export function createRemoteLimits(ask: AskAdmin): LimitKeeper {
  return {
    async list() {
      const { data } = await ask(listGroups, {})
      return data.map(({ name, ...group }) => ({ group: name, limits: limitsOf(group) }))
    },
    async show({ principal, group, person }) {
      const query = { principal, ...(group !== null && { group }), ...(person !== null && { person }) }
      const { limits, ...found } = await ask(showLimits, { query })
      return { ...found, limits: limits.map(toLimit) }
    },
  }
}

function toLimit({ next_at: nextAt, ...limit }: z.output<typeof showLimits.answer>['limits'][number]): StandingLimit {
  return { ...limit, nextAt }
}
