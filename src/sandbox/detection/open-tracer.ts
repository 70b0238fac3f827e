import { existsSync } from 'node:fs'
import { ServiceError } from '../../core/errors.ts'
import { TraceRelay, type TraceRelayOptions } from './trace-relay.ts'
import type { Tracer } from './tracer.ts'

/**
 * Starts the relay with the first sandbox, and again after one that ended: the sandboxes that it listened to are ended,
 * others can begin. `options` are asked for with each start.
 */
export function openTracer(options: () => Promise<TraceRelayOptions>): Tracer {
  let opening: Promise<TraceRelay> | null = null
  const open = async (): Promise<TraceRelay> => {
    const given = await options()
    if (!existsSync(given.binary)) {
      throw new ServiceError('sandbox-unavailable', 'The relay that reads traces of sandboxes is not built', {
        advice: 'Build it with "node setup/trace-relay.mjs", or set sandbox.detection.mode to off.',
      })
    }
    return TraceRelay.open(given)
  }
  const working = async (): Promise<TraceRelay> => {
    const mine = (opening ??= open())
    const relay = await mine.catch(() => null)
    if (relay?.works === true) return relay
    // Whoever comes first starts another; the others wait for it. The second failure is told.
    if (opening === mine) opening = open()
    return opening
  }
  return {
    watch: async (id, signal) => (await working()).watch(id, signal),
    async [Symbol.asyncDispose]() {
      const relay = await opening?.catch(() => null)
      await relay?.[Symbol.asyncDispose]()
    },
  }
}
