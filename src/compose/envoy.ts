import type { Guesses } from '../gateway/authenticate/guesses.ts'
import type { AbuseWatch } from '../gateway/abuse/watch.ts'
import type { Route } from '../models/routing/routes.ts'
import { EnvoyServer } from '../surfaces/envoy/envoy-server.ts'
import type { CallParts } from './calls.ts'

export interface EnvoyParts extends Pick<CallParts, 'config' | 'identify' | 'grantFor' | 'routes' | 'telemetry'> {
  readonly abuse: Pick<AbuseWatch, 'faulted'>
  readonly guesses: Pick<Guesses, 'failed'>
}

/** What can be asked through Envoy: of each route its targets at the upstream behind it. */
function routesBehind({ config, routes }: Pick<EnvoyParts, 'config' | 'routes'>): ReadonlyMap<string, Route> {
  const behind = new Map<string, Route>()
  for (const [id, route] of routes) {
    const [first, ...others] = route.targets.filter(({ upstream }) => upstream === config.envoy.upstream)
    if (first !== undefined) behind.set(id, { ...route, targets: [first, ...others] })
  }
  return behind
}

/** Envoy's services, listening. Rejects with `invalid-config` where they cannot. */
export async function openEnvoy(parts: EnvoyParts): Promise<EnvoyServer> {
  const { config, telemetry } = parts
  const server = new EnvoyServer({
    ...parts,
    settings: config.envoy,
    http: config.http,
    models: [...routesBehind(parts).values()],
    onFault: (error, requestId) => telemetry.onHttpFault(error, requestId),
    onCallerFault: (principal, code) => parts.abuse.faulted(principal, code),
    onRequest: (request) => telemetry.onRequest(request),
    onResponse: (response) => telemetry.onResponse(response),
  })
  await server.listen()
  return server
}
