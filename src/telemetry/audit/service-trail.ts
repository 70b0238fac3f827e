import { ServiceError } from '../../core/errors.ts'
import type { AuditFact } from './entry.ts'
import type { AuditFailure } from '../options.ts'
import type { AuditTrail } from './trail.ts'

export interface ServiceTrailOptions {
  readonly failure: AuditFailure
  /** Told of each line that is lost. */
  readonly onLost: (error: unknown, fact: AuditFact) => void
  readonly now?: () => Date
}

/** The event of a line that says how many are missing before it. */
const gapEvent = 'trail-gap'

/** The trail of a service, which knows whether it can be written, and tells of what it lost as soon as it can be again. */
export class ServiceTrail implements AsyncDisposable {
  readonly #trail: AuditTrail
  readonly #options: ServiceTrailOptions
  #isFailing = false
  #lost = 0
  #since: string | null = null

  constructor(trail: AuditTrail, options: ServiceTrailOptions) {
    this.#trail = trail
    this.#options = options
  }

  /** Could the last line not be written? */
  get isFailing(): boolean {
    return this.#isFailing
  }

  /**
   * Appends a fact before what it is about is done. Where it cannot be written, rejects with `service-unavailable`; under
   * `continue` it is counted as lost instead.
   */
  async append(fact: AuditFact): Promise<void> {
    try {
      await this.#write(fact)
    } catch (error) {
      if (this.#options.failure === 'continue') {
        this.#lose(error, fact)
        return
      }
      throw unwritable(error)
    }
  }

  /** Appends a fact that follows what it is about, within moments; where that fails, it is lost. */
  note(fact: AuditFact): void {
    this.#trail.note(fact, (error) => {
      this.#isFailing = true
      this.#lose(error, fact)
    })
  }

  /** Rejects while the trail cannot be written. One that could not be is tried with a line of its own. */
  async available(): Promise<void> {
    if (!this.#isFailing) return
    try {
      await this.#write({ event: 'trail-probe', requestId: '' })
    } catch (error) {
      throw unwritable(error)
    }
  }

  async #write(fact: AuditFact): Promise<void> {
    try {
      await this.#trail.append(fact)
      this.#isFailing = false
      await this.#tellGap()
    } catch (error) {
      this.#isFailing = true
      throw error
    }
  }

  #lose(error: unknown, fact: AuditFact): void {
    this.#lost += 1
    this.#since ??= (this.#options.now?.() ?? new Date()).toISOString()
    this.#options.onLost(error, fact)
  }

  async #tellGap(): Promise<void> {
    const [lost, since] = [this.#lost, this.#since]
    if (lost === 0) return
    this.#lost = 0
    this.#since = null
    try {
      await this.#trail.append({ event: gapEvent, requestId: '', lost, since })
    } catch (error) {
      this.#lost += lost
      this.#since = since
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#trail[Symbol.asyncDispose]()
  }
}

/** Of whatever keeps a line from being written. */
export function unwritable(cause: unknown): ServiceError {
  return new ServiceError('service-unavailable', 'The audit trail cannot be written, so nothing is done.', {
    cause,
    advice: `See that the file of telemetry.audit_file can be written (${(cause as Error).message}); then try again.`,
  })
}
