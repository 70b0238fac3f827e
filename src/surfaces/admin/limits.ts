import type { LimitKeeper, StandingLimit } from '../../gateway/admit/limit-keeper.ts'
import { showLimits } from '../wire/admin/limits.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function limitRoutes(keeper: LimitKeeper): readonly AdminRoute[] {
  return [
    answers(showLimits, async ({ query: { principal, group = null, person = null } }) => {
      const { limits, ...found } = await keeper.show({ principal, group, person })
      return { ...found, limits: limits.map(toLimit) }
    }),
  ]
}

function toLimit({ per, unit, window, most, used, held, left, nextAt }: StandingLimit) {
  return { per, unit, window, most, used, held, left, next_at: nextAt }
}
