import { takesPictures } from '../endpoints/contract/content.ts'
import { openEndpoint, type Endpoint } from '../endpoints/endpoint.ts'
import { createEndpointPipeline } from '../endpoints/pass-endpoint-call.ts'
import type { MediaChecker } from '../core/media.ts'
import type { DecodersSettings } from '../media/options.ts'
import type { PassEndpointCall } from '../core/endpoint-call.ts'
import type { CallParts } from './calls.ts'

/** Calls that are passed on to guarded endpoints, each observed. */
export interface Endpoints extends AsyncDisposable {
  readonly pass: PassEndpointCall
}

type EndpointParts = Pick<CallParts, 'config' | 'identify' | 'grantFor' | 'quota' | 'payload' | 'telemetry'>

/**
 * Opens no connection before the first call. Rejects with `invalid-config` for a document that an endpoint cannot be guarded by,
 * and with `sandbox-unavailable` where one takes pictures and this machine gives no wall to decode them behind.
 */
export async function openEndpoints(parts: EndpointParts): Promise<Endpoints> {
  const { config, telemetry } = parts
  await using stack = new AsyncDisposableStack()
  const endpoints = new Map<string, Endpoint>()
  for (const [name, options] of Object.entries(config.endpoints)) {
    endpoints.set(name, stack.use(await openEndpoint(name, options)))
  }
  const bodies = [...endpoints.values()].flatMap(({ contract }) => contract.operations.map(({ body }) => body))
  const hasPictures = bodies.some((body) => body !== null && takesPictures(body))
  const media = hasPictures ? stack.use(await openMedia(config.decoders)) : null
  const pipeline = createEndpointPipeline({ ...parts, endpoints, media })
  const opened = stack.move()
  return {
    pass: (call, signal) => telemetry.observeEndpointCall(call, (onAdmitted) => pipeline(call, onAdmitted, signal)),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Starts the decoders, whose library is loaded for them alone. */
async function openMedia(settings: DecodersSettings): Promise<MediaChecker> {
  const { WalledMediaChecker } = await import('../media/media-checker.ts')
  const checker = new WalledMediaChecker({
    processes: settings.processes,
    waiting: settings.waiting,
    picturesPerProcess: settings.pictures_per_process,
    deadlineMilliseconds: settings.deadline_ms,
    memoryMegabytes: settings.memory_mb,
  })
  try {
    await checker.warm(AbortSignal.timeout(60_000))
    return checker
  } catch (error) {
    await checker[Symbol.asyncDispose]()
    throw error
  }
}
