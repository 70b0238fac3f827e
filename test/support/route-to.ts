import type { CallTarget } from '../../src/core/model-call.ts'
import type { Route, RouteTarget } from '../../src/models/routing/routes.ts'

/** A target of which nobody has said what it can do. */
export function routeTarget(target: CallTarget, more: Partial<RouteTarget> = {}): RouteTarget {
  return { ...target, name: `${target.upstream}/${target.model}`, weight: 1, tier: null, abilities: null, ...more }
}

/** A route with these targets, asked in their order. */
export function routeTo(id: string, ...[first, ...others]: Route['targets']): Route {
  return { id, kind: 'openai', strategy: 'order', downgrade: false, targets: [first, ...others] }
}
