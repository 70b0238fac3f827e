export interface BreakerOptions {
  /** Failed calls in a row after which it opens. */
  readonly failures: number
  readonly openMilliseconds: number
  /** Milliseconds since any fixed point. */
  readonly elapsed?: () => number
}

/** Keeps calls from an endpoint that fails, and lets one through now and then to see whether it is back. */
export class Breaker {
  readonly #options: BreakerOptions
  readonly #elapsed: () => number
  #failures = 0
  #openUntil = 0

  constructor(options: BreakerOptions) {
    this.#options = options
    this.#elapsed = options.elapsed ?? (() => performance.now())
  }

  /** Milliseconds until a call may be sent; 0 now, and then that call is the only one until it has ended. */
  wait(): number {
    if (this.#failures < this.#options.failures) return 0
    const left = this.#openUntil - this.#elapsed()
    if (left > 0) return left
    // Whoever comes after waits for what becomes of this one.
    this.#openUntil = this.#elapsed() + this.#options.openMilliseconds
    return 0
  }

  succeeded(): void {
    this.#failures = 0
  }

  failed(): void {
    this.#failures += 1
    if (this.#failures >= this.#options.failures) this.#openUntil = this.#elapsed() + this.#options.openMilliseconds
  }
}
