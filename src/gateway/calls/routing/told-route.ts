import { askedOf } from '../../../models/routing/plan.ts'
import type { RouteTarget } from '../../../models/routing/routes.ts'
import type { ExplainedRoute, RoutedApi } from './explain-call.ts'

/** A target that would be asked, if those before it fail. */
export interface ToldTarget {
  readonly name: string
  readonly upstream: string
  /** The strategy, `policy`, `exploring`, or `single` where there is nothing to choose from. */
  readonly why: string
  /** What it was ranked by: millionths of the currency, milliseconds or calls; null where by nothing of that kind. */
  readonly figure: number | null
  /** `open`: it has failed in a row. `half-open`: it had, and one call finds out whether it is back. */
  readonly breaker: 'closed' | 'open' | 'half-open'
}

/** Where a request would go and why, as it is told to operators. */
export interface ToldRoute {
  readonly route: string
  readonly by: string
  /** In their order. */
  readonly asked: readonly ToldTarget[]
  /** Why others are not asked: `breaker` for those that have failed in a row. */
  readonly skipped: readonly { readonly name: string; readonly upstream: string; readonly why: string }[]
}

/** A request about which an operator asks. */
export interface RouteQuestion {
  /** The body of the request. */
  readonly body: string
  readonly api: RoutedApi | null
  /** Who would send it: the id of a key, or token-…; null for anybody of the group. */
  readonly principal: string | null
  readonly group: string | null
  /** One person for whom an application would send it; null for nobody. */
  readonly person: string | null
}

/** Says where a request would go, by what the service that is asked knows at this moment. Rejects as the service answers it. */
export type TellRoute = (question: RouteQuestion) => Promise<ToldRoute>

export function toldRoute({ route, plan }: ExplainedRoute): ToldRoute {
  if (plan === null) {
    const [target] = route.targets
    return { route: route.id, by: 'single', asked: [{ ...placeOf(target), ...single }], skipped: [] }
  }
  const asked = askedOf(plan)
  const open = plan.ranked.filter((each) => !asked.includes(each))
  return {
    route: route.id,
    by: plan.by,
    asked: asked.map(({ target, figure, isExplored, breaker }): ToldTarget => {
      const why = isExplored === true ? 'exploring' : plan.by
      return {
        name: target.name,
        upstream: target.upstream,
        why,
        figure: figure && Math.round(figure),
        breaker: breaker ?? 'closed',
      }
    }),
    skipped: [
      ...open.map(({ target: { name, upstream } }) => ({ name, upstream, why: 'breaker' })),
      ...plan.skipped.map(({ target: { name, upstream }, why }) => ({ name, upstream, why })),
    ],
  }
}

const single = { why: 'single', figure: null, breaker: 'closed' } as const

const placeOf = ({ name, upstream }: RouteTarget) => ({ name, upstream })
