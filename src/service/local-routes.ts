import { cpus } from 'node:os'
import { ServiceError } from '../core/errors.ts'
import type { Grant } from '../core/grant.ts'
import type { AuthorizedCall, CallTarget } from '../core/model-call.ts'
import { createGrantFor, requireGroup } from '../gateway/authorize/groups.ts'
import { atItsTiers } from '../gateway/calls/admit-call.ts'
import { limitOutput } from '../gateway/calls/limit-output.ts'
import { authenticatedAs, type ExplainedRoute, type RoutedApi } from '../gateway/calls/routing/explain-call.ts'
import { toldRoute, type ToldRoute } from '../gateway/calls/routing/told-route.ts'
import { routeCall } from '../gateway/calls/routing/route-call.ts'
import { groupsInForce, type GatewayOptions } from '../gateway/options.ts'
import type { RoutesOptions } from '../models/routing/options.ts'
import { routesOf, type Route } from '../models/routing/routes.ts'
import { TargetLoads } from '../models/routing/target-loads.ts'
import type { UpstreamsOptions } from '../models/upstreams/options.ts'
import { passedModels } from '../models/upstreams/passed-models.ts'
import { defaultCeilings } from '../sandbox/limits.ts'
import type { SandboxOptions } from '../sandbox/options.ts'

export type { RoutedApi } from '../gateway/calls/routing/explain-call.ts'

/** Says of models and routes what a service with this configuration does, without one. */
export interface LocalRoutes {
  /** What a group may ask at upstreams. Throws `invalid-request` for a group that there is not. */
  list(group: string): readonly Route[]
  /**
   * Where the body of a request of a group would go, before anything was measured, sealed or kept, and before rules are
   * asked. Rejects as the service answers it.
   */
  explain(body: string, asked: AskedBody): Promise<ExplainedRoute>
  /** The same, as it is told. */
  tell(body: string, asked: AskedBody): Promise<ToldRoute>
}

interface AskedBody {
  readonly api: RoutedApi | null
  readonly group: string
}

/** What of the configuration decides where requests go. */
interface RoutesConfig {
  readonly gateway: GatewayOptions
  readonly routes: RoutesOptions
  readonly sandbox: Pick<SandboxOptions, 'limits'>
  readonly upstreams: UpstreamsOptions
}

export function openLocalRoutes(config: RoutesConfig): LocalRoutes {
  const routes = routesOf(config.routes, passedModels(config.upstreams))
  const groups = groupsInForce(config.gateway)
  const grantFor = createGrantFor({
    groups,
    dataSources: [],
    models: [...routes.keys()],
    sandboxCeilings: defaultCeilings(config.sandbox.limits),
    processors: cpus().length,
  })
  const grantOf = (group: string): Grant => {
    requireGroup(group, Object.keys(groups))
    return grantFor({ id: 'local', kind: 'operator', group })
  }
  const granted = (group: string): readonly Route[] => {
    const { models } = grantOf(group)
    return [...routes.values()].filter(({ id }) => models.includes(id))
  }
  const explain: LocalRoutes['explain'] = async (text, { api, group }) => {
    const asked = authenticatedAs({ id: 'local', kind: 'operator', group }, text, { api, routes })
    const grant = grantOf(group)
    const { model } = asked.facts
    const route = granted(group).find(({ id }) => id === model)
    if (route === undefined) {
      const message = `There is no model "${model?.slice(0, 200)}" for the group "${group}".`
      throw new ServiceError('model-not-found', message, { parameter: 'model' })
    }
    const [first, ...others]: readonly [CallTarget, ...CallTarget[]] = route.targets
    const call: AuthorizedCall = { ...asked, grant, candidates: [first, ...others], target: first }
    const { plan } = await routeCall(atItsTiers(limitOutput(call)), route, new TargetLoads())
    return { route, plan }
  }
  return {
    list: granted,
    explain,
    tell: async (body, asked) => toldRoute(await explain(body, asked)),
  }
}
