import type { Guesses } from '../gateway/authenticate/guesses.ts'
import type { AbuseWatch } from '../gateway/abuse/watch.ts'
import { EnvoyServer } from '../surfaces/envoy/envoy-server.ts'
import type { CallParts, Calls } from './calls.ts'

export interface EnvoyParts extends Pick<CallParts, 'config' | 'identify' | 'grantFor' | 'telemetry'> {
  readonly abuse: Pick<AbuseWatch, 'faulted'>
  readonly guesses: Pick<Guesses, 'failed'>
  readonly calls: Pick<Calls, 'behind'>
}

/** Envoy's services, listening. Rejects with `invalid-config` where they cannot. */
export async function openEnvoy(parts: EnvoyParts): Promise<EnvoyServer> {
  const { config, telemetry, calls } = parts
  const { routes, passBy } = calls.behind(config.envoy.upstream ?? '')
  const server = new EnvoyServer({
    ...parts,
    settings: config.envoy,
    http: config.http,
    models: [...routes.values()],
    passBy,
    onFault: (error, requestId) => telemetry.onHttpFault(error, requestId),
    onCallerFault: (principal, code) => parts.abuse.faulted(principal, code),
    onRequest: (request) => telemetry.onRequest(request),
    onResponse: (response) => telemetry.onResponse(response),
  })
  await server.listen()
  return server
}
