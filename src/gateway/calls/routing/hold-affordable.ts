import type { AuthorizedCall } from '../../../core/model-call.ts'
import type { RoutePlan } from '../../../models/routing/plan.ts'
import type { BegunReservation } from '../../admit/quota.ts'
import { holdCall, isUsedUp } from '../admit-call.ts'

/**
 * Holds what a call may cost; where that is more than is left, and its route lets lower tiers step in, what it may cost at
 * those. Returns the call with the candidates for which it is held. Rejects as `holdCall` does for the lowest of them.
 */
export async function holdAffordable<Call extends AuthorizedCall>(
  call: Call,
  plan: RoutePlan | null,
  reservation: BegunReservation,
): Promise<Call> {
  try {
    await holdCall(call, reservation)
    return call
  } catch (thrown) {
    const lower = isUsedUp(thrown) && plan?.by === 'tier' ? atLowerTiers(call, plan) : null
    if (lower === null) throw thrown
    return holdAffordable(lower, plan, reservation)
  }
}

/** The call without the tier that it has come to; null where there is no other. */
function atLowerTiers<Call extends AuthorizedCall>(call: Call, { ranked }: RoutePlan): Call | null {
  const tiers = new Map(ranked.map(({ target }) => [target.name, target.tier]))
  const tierOf = (name: string | undefined): string | null => tiers.get(name ?? '') ?? null
  const own = tierOf(call.candidates[0].name)
  const [first, ...others] = call.candidates.filter(({ name }) => tierOf(name) !== own)
  return first === undefined ? null : { ...call, target: first, candidates: [first, ...others] }
}
