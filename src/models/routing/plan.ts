import type { BreakerState } from '../../concurrency/breaker.ts'
import type { CallTarget } from '../../core/model-call.ts'
import type { Ability } from '../upstreams/options.ts'
import type { Strategy } from './options.ts'
import type { Route, RouteTarget } from './routes.ts'
import { orderings } from './orderings.ts'

/** What a call may use at one target. */
export interface CallSize {
  readonly inputTokens: number
  /** As its caller says, of all answers together; null where it does not say. */
  readonly outputTokens: number | null
  /** In millionths of the currency; null where the target has no price. */
  readonly money: number | null
}

/** What of a call decides where it goes. */
export interface PlannedCall {
  readonly streamed: boolean
  /** Names of the targets that have everything which the call names as kept. */
  readonly allowed: ReadonlySet<string>
  readonly needs: ReadonlySet<Ability>
  /** By the name of the target; absent where nothing of the route depends on it. */
  readonly sizes: ReadonlyMap<string, CallSize>
  /** The same for every call of one conversation of one caller. */
  readonly conversation: string
  /** Of whoever asks; null for none. */
  readonly tier: string | null
  /** Names of the targets that rules leave, in their order; null where they say nothing. */
  readonly order: readonly string[] | null
}

/** What is known of targets at a moment. */
export interface RoutingState {
  /** Calls of this process that the target has not answered to their end. */
  inFlight(target: CallTarget): number
  /** Milliseconds that it has taken lately; null where it was not measured. */
  latency(target: CallTarget, streamed: boolean): number | null
  /** Which targets are to be measured anew by a call of this route, one at a time and few of all calls. */
  mayExplore(route: string, target: CallTarget, streamed: boolean): boolean
  /** Has it failed in a row, so that the caller's calls pass it over? Absent where nobody knows. */
  breaker?(target: CallTarget): BreakerState
}

/** One target in its place, and the figure that has put it there. */
export interface RankedTarget {
  readonly target: RouteTarget
  /** Money, milliseconds or calls, by the strategy; null where it goes by none, or has none. */
  readonly figure: number | null
  /** Is it asked to be measured, although another is better? */
  readonly isExplored?: true
  /** Absent for one that is well: an open one is passed over where another can be asked, a half-open one is tried. */
  readonly breaker?: Exclude<BreakerState, 'closed'>
}

/** Why a target is not asked. */
export type SkipReason = 'policy' | 'tier' | 'kept-elsewhere' | 'context' | `needs-${Ability}`

export interface SkippedTarget {
  readonly target: RouteTarget
  readonly why: SkipReason
}

export interface RoutePlan {
  readonly route: string
  /** `policy` where rules have given the order. */
  readonly by: Strategy | 'policy'
  /** Those that may be asked, the first to be asked in front; empty where none can answer. */
  readonly ranked: readonly RankedTarget[]
  readonly skipped: readonly SkippedTarget[]
}

/**
 * Where a call goes and why, from what is known at this moment. It changes nothing, so that whoever asks what would happen
 * is told what happens.
 */
export function planRoute(route: Route, call: PlannedCall, state: RoutingState): RoutePlan {
  const skipped: SkippedTarget[] = []
  const able = route.targets.filter((target) => {
    const why = barred(target, route, call) ?? unfit(target, call)
    if (why !== null) skipped.push({ target, why })
    return why === null
  })
  const wide = roomy(able, call)
  skipped.push(
    ...able.filter((target) => !wide.includes(target)).map((target) => ({ target, why: 'context' as const })),
  )
  const by = call.order === null ? route.strategy : 'policy'
  const ranked = orderings[by](wide, { route: route.id, call, state }).map((each): RankedTarget => {
    const breaker = state.breaker?.(each.target) ?? 'closed'
    return breaker === 'closed' ? each : Object.assign(each, { breaker })
  })
  return { route: route.id, by, ranked, skipped }
}

/** Those of a plan that are asked, in their order: all but the open ones, or the first where each of them is. */
export function askedOf({ ranked }: Pick<RoutePlan, 'ranked'>): readonly RankedTarget[] {
  const well = ranked.filter(({ breaker }) => breaker !== 'open')
  return well.length === 0 ? ranked.slice(0, 1) : well
}

/** Why rules or its tier keep a call from a target; tiers stand from the highest to the lowest. */
function barred({ name, tier }: RouteTarget, route: Route, call: PlannedCall): SkipReason | null {
  if (call.order !== null) return call.order.includes(name) ? null : 'policy'
  if (route.strategy !== 'tier' || tier === call.tier) return null
  const tiers = [...new Set(route.targets.map((target) => target.tier))]
  const own = tiers.indexOf(call.tier)
  return route.downgrade && own >= 0 && tiers.indexOf(tier) > own ? null : 'tier'
}

function unfit(target: RouteTarget, { allowed, needs }: PlannedCall): SkipReason | null {
  if (!allowed.has(target.name)) return 'kept-elsewhere'
  const { abilities } = target
  const missing = abilities === null ? undefined : [...needs].find((need) => !abilities.has(need))
  return missing === undefined ? null : `needs-${missing}`
}

/**
 * Those whose context holds the call. Its size is a bound and no count, so that where it fits none of them, those with the
 * most room are left: their provider has the last word.
 */
function roomy(targets: readonly RouteTarget[], { sizes }: PlannedCall): readonly RouteTarget[] {
  const roomOf = ({ counting }: RouteTarget): number => counting?.contextTokens ?? Number.POSITIVE_INFINITY
  const fits = (target: RouteTarget): boolean => {
    const { inputTokens, outputTokens } = sizes.get(target.name) ?? { inputTokens: 0, outputTokens: null }
    return inputTokens + (outputTokens ?? 0) <= roomOf(target)
  }
  const fitting = targets.filter(fits)
  if (fitting.length > 0) return fitting
  const most = Math.max(...targets.map(roomOf))
  return targets.filter((target) => roomOf(target) === most)
}
