import { ServiceError } from '../../core/errors.ts'
import type { CallTarget } from '../../core/model-call.ts'
import type { PassedModel } from '../upstreams/passed-models.ts'
import type { RoutesOptions } from './options.ts'

/** What callers ask for by a name: one model of an upstream, or one of several. */
export interface Route {
  /** As callers name it. */
  readonly id: string
  readonly kind: PassedModel['kind']
  /** In the order of the configuration. */
  readonly targets: Targets
}

export type Targets = readonly [CallTarget, ...CallTarget[]]

/**
 * Everything that can be asked at upstreams by the name callers ask for: each model by itself, and the routes of the
 * configuration. Throws `invalid-config` for a route with a target that there is not.
 */
export function routesOf(options: RoutesOptions, models: ReadonlyMap<string, PassedModel>): ReadonlyMap<string, Route> {
  const single = [...models.values()].map(({ id, kind, ...target }): Route => ({ id, kind, targets: [target] }))
  const several = Object.entries(options).map(([id, { targets }]) => routeOf(id, targets, models))
  return new Map([...single, ...several].map((route) => [route.id, route]))
}

function routeOf(id: string, names: readonly string[], models: ReadonlyMap<string, PassedModel>): Route {
  const [first, ...others] = names.map((name) => {
    const model = models.get(name)
    if (model === undefined) throw new ServiceError('invalid-config', `routes.${id}: there is no model "${name}".`)
    return model
  })
  if (first === undefined) throw new ServiceError('invalid-config', `routes.${id} has no target.`)
  const targetOf = ({ id: _name, kind: _kind, ...target }: PassedModel): CallTarget => ({
    ...target,
    renamed: target.model !== id,
  })
  return { id, kind: first.kind, targets: [targetOf(first), ...others.map(targetOf)] }
}
