import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { QueueWatch } from './bounded-queue.ts'

export interface SpanWatchParts {
  readonly log: Pick<Log, 'warn' | 'info'>
  readonly metrics: Pick<Metrics, 'count'>
}

/** Counts spans that do not arrive; the log has the first fault of a row of them, and `/readyz` says so until one arrives. */
export class SpanWatch implements QueueWatch {
  readonly #parts: SpanWatchParts
  #isFailing = false

  constructor(parts: SpanWatchParts) {
    this.#parts = parts
  }

  /** For people; none where all is well. */
  get faults(): readonly string[] {
    return this.#isFailing ? ['spans do not arrive at telemetry.traces.endpoint'] : []
  }

  onLost(count: number): void {
    this.#parts.metrics.count('spans', 'lost', count)
  }

  onExported(fault: unknown): void {
    const wasFailing = this.#isFailing
    this.#isFailing = fault !== null
    const { log } = this.#parts
    // A receiver's own words could be anything, so its answer is not logged.
    if (this.#isFailing && !wasFailing) log.warn({ fault: nameOf(fault) }, 'spans do not arrive')
    if (!this.#isFailing && wasFailing) log.info('spans arrive again')
  }
}

function nameOf(fault: unknown): string {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined
  if (typeof code === 'string' || typeof code === 'number') return String(code)
  return fault instanceof Error ? fault.name : 'unknown'
}
