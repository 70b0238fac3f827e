import { ServiceError } from '../../core/errors.ts'
import type { CallTarget } from '../../core/model-call.ts'
import type { Recovery } from '../../core/recovery.ts'
import type { Ability } from '../upstreams/options.ts'
import type { PassedModel } from '../upstreams/passed-models.ts'
import { modelOf, type RoutesOptions, type Strategy, type TargetOptions } from './options.ts'

/** What callers ask for by a name: one model of an upstream, or one of several. */
export interface Route {
  /** As callers name it. */
  readonly id: string
  readonly kind: PassedModel['kind']
  readonly strategy: Strategy
  /** By tiers: do lower ones step in? */
  readonly downgrade: boolean
  /** Absent where the configuration says it for all. */
  readonly recovery?: Recovery | undefined
  /** In the order of the configuration. */
  readonly targets: readonly [RouteTarget, ...RouteTarget[]]
}

/** One of the models that a route may come to. */
export interface RouteTarget extends CallTarget {
  readonly name: string
  readonly weight: number
  readonly tier: string | null
  /** What it can do; null where nobody has said. */
  readonly abilities: ReadonlySet<Ability> | null
}

/**
 * Everything that can be asked at upstreams by the name callers ask for: each model by itself, and the routes of the
 * configuration. Throws `invalid-config` for a route with a target that there is not.
 */
export function routesOf(options: RoutesOptions, models: ReadonlyMap<string, PassedModel>): ReadonlyMap<string, Route> {
  const single = [...models.values()].map((model): Route => ({
    id: model.id,
    kind: model.kind,
    strategy: 'order',
    downgrade: false,
    targets: [targetOf(model, model.id)],
  }))
  const several = Object.entries(options).map(([id, { targets, strategy, downgrade, recovery }]) => {
    const [first, ...others] = targets.map((target) => {
      const model = modelNamed(target, id, models)
      return { kind: model.kind, target: targetOf(model, id, typeof target === 'string' ? {} : target) }
    })
    if (first === undefined) throw new ServiceError('invalid-config', `routes.${id} has no target.`)
    const rest = others.map(({ target }) => target)
    return { id, kind: first.kind, strategy, downgrade, recovery, targets: [first.target, ...rest] } as const
  })
  return new Map([...single, ...several].map((route) => [route.id, route]))
}

function modelNamed(target: TargetOptions, id: string, models: ReadonlyMap<string, PassedModel>): PassedModel {
  const model = models.get(modelOf(target))
  if (model !== undefined) return model
  throw new ServiceError('invalid-config', `routes.${id}: there is no model "${modelOf(target)}".`)
}

/** `asked`: the name in the body, which is another one than that of the upstream where the model has to be renamed. */
function targetOf(
  { id, kind: _kind, abilities, ...target }: PassedModel,
  asked: string,
  { weight = 1, tier = null }: { readonly weight?: number; readonly tier?: string | null | undefined } = {},
): RouteTarget {
  return { ...target, renamed: target.model !== asked, name: id, weight, tier, abilities }
}

/** What can be asked of one upstream alone, and is asked once: of each route its first target there. */
export function routesBehind(routes: ReadonlyMap<string, Route>, upstream: string): ReadonlyMap<string, Route> {
  const behind = new Map<string, Route>()
  for (const [id, route] of routes) {
    const first = route.targets.find((target) => target.upstream === upstream)
    if (first !== undefined) behind.set(id, { ...route, targets: [first] })
  }
  return behind
}
