import type { SandboxEvent } from '../core/facts.ts'
import { tellDetection, type DetectionParts } from './detection-observer.ts'

/** Counts what happens to sandboxes, and says what an operator should know. */
export function observeSandbox(parts: DetectionParts, event: SandboxEvent): void {
  const { log, metrics } = parts
  metrics.count('sandbox', event.type)
  if (event.type === 'sandbox-start') metrics.count('sandbox', `${event.origin}-start`)
  if (event.type === 'sandbox-claim' && event.made) metrics.count('sandbox', 'claim-with-own-limits')
  if (event.type === 'sandbox-fault') log.warn({ error: event.fault }, 'a sandbox could not be had or kept')
  if (event.type === 'sandbox-sweep') log.info({ ...event.report }, 'leftovers swept')
  tellDetection(parts, event)
}
