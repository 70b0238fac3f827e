import type { CallTarget } from '../../../core/model-call.ts'
import type { RoutePlan, RoutingState } from '../../../models/routing/plan.ts'
import type { Route } from '../../../models/routing/routes.ts'
import { TargetLoads } from '../../../models/routing/target-loads.ts'
import type { AttemptOptions } from '../attempts/options.ts'
import { TargetBreakers } from '../attempts/target-breakers.ts'
import { createWatchTargets } from './watch-targets.ts'

/** What this process knows of its targets: how they do, and how busy they are. */
export interface Routing {
  readonly breakers: TargetBreakers
  readonly watch: ReturnType<typeof createWatchTargets>
  /** How targets stand for a caller at this moment. */
  stateFor(caller: string): RoutingState
  /** Told where a call goes. */
  chosen(plan: RoutePlan): void
}

export function createRouting(
  routes: ReadonlyMap<string, Route>,
  { breaker_failures, breaker_open_ms }: Pick<AttemptOptions, 'breaker_failures' | 'breaker_open_ms'>,
): Routing {
  const breakers = new TargetBreakers({ failures: breaker_failures, openMilliseconds: breaker_open_ms })
  const loads = new TargetLoads()
  return {
    breakers,
    watch: createWatchTargets({ routes, loads }),
    stateFor: (caller) => ({
      inFlight: (target) => loads.inFlight(target),
      latency: (target, streamed) => loads.latency(target, streamed),
      mayExplore: (route, target, streamed) => loads.mayExplore(route, target, streamed),
      breaker: (target: CallTarget) => breakers.of(target).stateFor(caller),
    }),
    chosen: ({ route, ranked: [first] }) => loads.chosen(route, first?.isExplored === true),
  }
}
