import { checkEndpoints } from '../endpoints/check-endpoints.ts'
import { openEndpoint, type Endpoint } from '../endpoints/endpoint.ts'
import { createEndpointPipeline } from '../endpoints/pass-endpoint-call.ts'
import type { PassEndpointCall } from '../core/endpoint-call.ts'
import type { CallParts } from './calls.ts'

/** Calls that are passed on to guarded endpoints, each observed. */
export interface Endpoints extends AsyncDisposable {
  readonly pass: PassEndpointCall
}

type EndpointParts = Pick<CallParts, 'config' | 'identify' | 'grantFor' | 'quota' | 'payload' | 'telemetry'>

/** Opens no connection before the first call. Rejects with `invalid-config` for a document that an endpoint cannot be guarded by. */
export async function openEndpoints(parts: EndpointParts): Promise<Endpoints> {
  const { config, telemetry } = parts
  await checkEndpoints(config.endpoints)
  await using stack = new AsyncDisposableStack()
  const endpoints = new Map<string, Endpoint>()
  for (const [name, options] of Object.entries(config.endpoints)) {
    endpoints.set(name, stack.use(await openEndpoint(name, options)))
  }
  const pipeline = createEndpointPipeline({ ...parts, endpoints })
  const opened = stack.move()
  return {
    pass: (call, signal) => telemetry.observeEndpointCall(call, (onAdmitted) => pipeline(call, onAdmitted, signal)),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
