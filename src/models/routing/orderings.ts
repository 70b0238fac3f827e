import { hash } from 'node:crypto'
import type { Strategy } from './options.ts'
import type { PlannedCall, RankedTarget, RoutingState } from './plan.ts'
import type { RouteTarget } from './routes.ts'

interface Deciding {
  readonly route: string
  readonly call: PlannedCall
  readonly state: RoutingState
}

type Ordering = (targets: readonly RouteTarget[], deciding: Deciding) => readonly RankedTarget[]

/** The lowest figure in front; of equal ones as the configuration lists them, and what has none at the end. */
function lowestFirst(targets: readonly RouteTarget[], figureOf: (target: RouteTarget) => number | null) {
  const ranked = targets.map((target): RankedTarget => ({ target, figure: figureOf(target) }))
  const placeOf = ({ figure }: RankedTarget): number => figure ?? Number.MAX_VALUE
  return ranked.toSorted((one, other) => placeOf(one) - placeOf(other))
}

/** In the order of these names, each of which some target has. */
function asNamed(
  targets: readonly RouteTarget[],
  names: readonly string[],
  nameOf: (target: RouteTarget) => string = ({ name }) => name,
): readonly RankedTarget[] {
  return lowestFirst(targets, (target) => names.indexOf(nameOf(target))).map(({ target }) => ({ target, figure: null }))
}

/** How the targets that can answer a call are put in order. */
export const orderings: Readonly<Record<Strategy | 'policy', Ordering>> = {
  order: (targets) => lowestFirst(targets, () => null),
  policy: (targets, { call }) => asNamed(targets, call.order ?? []),
  tier: (targets) => asNamed(targets, [...new Set(targets.map(({ tier }) => tier ?? ''))], ({ tier }) => tier ?? ''),
  cost: (targets, { call }) => lowestFirst(targets, (target) => call.sizes.get(target.name)?.money ?? null),
  latency: (targets, { route, call, state }) => {
    const ranked = lowestFirst(targets, (target) => state.latency(target, call.streamed))
    const explored = ranked.find(
      // What is passed over would not be measured.
      ({ target }) => state.breaker?.(target) !== 'open' && state.mayExplore(route, target, call.streamed),
    )
    if (explored === undefined || explored === ranked[0]) return ranked
    return [{ ...explored, isExplored: true }, ...ranked.filter((each) => each !== explored)]
  },
  'least-busy': (targets, { state }) => lowestFirst(targets, (target) => state.inFlight(target)),
  weighted: (targets, { call }) => {
    const drawn = new Map(targets.map((target) => [target, -drawOf(target, call.conversation)]))
    return lowestFirst(targets, (target) => drawn.get(target) ?? 0).map(({ target }) => ({ target, figure: null }))
  },
}

/**
 * Weighted rendezvous hashing (Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", 2005): each conversation
 * has a number of its own at each target, and goes to the greatest. The shares are those of the weights, every process
 * finds the same, and a target that is added or taken away moves no more conversations than its own share.
 */
function drawOf({ name, weight }: RouteTarget, conversation: string): number {
  const bits = BigInt(`0x${hash('sha256', `${name}\n${conversation}`).slice(0, 13)}`)
  // Of 52 bits, and never 0 or 1.
  const drawn = (Number(bits) + 0.5) / 2 ** 52
  return weight / -Math.log(drawn)
}
