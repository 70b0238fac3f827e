import { limitReached } from '../../core/limit-reached.ts'

export interface ThrottleOptions {
  /** What is counted, in the plural: `reports`. */
  readonly what: string
  /** So many at once. */
  readonly burst: number
  /** Milliseconds after which one more is given. */
  readonly everyMilliseconds: number
  /** Milliseconds since any fixed point. */
  readonly elapsed?: () => number
}

/** Callers that are remembered before those are let go who have all of theirs again. */
const mostKept = 10_000

/** Counts what each principal does: so many at once, and then one in a time. */
export class Throttle {
  readonly #options: Required<ThrottleOptions>
  /** When each has all of its own again. */
  readonly #fullAt = new Map<string, number>()
  #letGoAt = mostKept

  constructor(options: ThrottleOptions) {
    this.#options = { elapsed: () => performance.now(), ...options }
  }

  /** Throws `rate-limited`, or `quota-exceeded` where the wait is longer than clients keep to, and counts nothing then. */
  take(principal: string): void {
    const { what, burst, everyMilliseconds, elapsed } = this.#options
    const now = elapsed()
    const full = Math.max(now, this.#fullAt.get(principal) ?? 0)
    const wait = full - now - (burst - 1) * everyMilliseconds
    if (wait > 0) throw limitReached(`Too many ${what} in a short time.`, { seconds: wait / 1_000 })
    if (this.#fullAt.size >= this.#letGoAt) this.#letGo(now)
    this.#fullAt.set(principal, full + everyMilliseconds)
  }

  #letGo(now: number): void {
    for (const [principal, full] of this.#fullAt) if (full <= now) this.#fullAt.delete(principal)
    // Where most of them wait, looking through all of them again for each call would cost more than it frees.
    this.#letGoAt = Math.max(mostKept, this.#fullAt.size * 2)
  }
}
