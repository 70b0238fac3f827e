import { ServiceError } from '../../core/errors.ts'

interface GuessesOptions {
  /** Failures of one address that are answered as they are, in each window. */
  readonly most: number
  readonly windowMilliseconds: number
  /** Milliseconds since any fixed moment. */
  readonly elapsed?: () => number
}

/** More are forgotten, the one that failed longest ago first. */
const mostAddresses = 20_000

/**
 * Counts credentials that were nobody's by the address they came from. It never keeps one from being looked at: a valid key
 * works from an address of which others guess. What it takes from them is the answer: beyond the limit every failure reads
 * 429 until the window is over.
 */
export class Guesses {
  readonly #options: GuessesOptions
  readonly #elapsed: () => number
  readonly #failed = new Map<string, { readonly since: number; count: number }>()

  constructor(options: GuessesOptions) {
    this.#options = options
    this.#elapsed = options.elapsed ?? (() => performance.now())
  }

  /** Counts a failure of an address; gives what is answered in place of it where there were too many, else null. */
  failed(address: string): ServiceError | null {
    const { most, windowMilliseconds } = this.#options
    const now = this.#elapsed()
    const known = this.#failed.get(address)
    const isOver = known === undefined || now - known.since >= windowMilliseconds
    const entry = isOver ? { since: now, count: 0 } : known
    entry.count += 1
    this.#failed.delete(address)
    this.#failed.set(address, entry)
    const [oldest] = this.#failed.keys()
    if (this.#failed.size > mostAddresses && oldest !== undefined) this.#failed.delete(oldest)
    if (entry.count <= most) return null
    return new ServiceError('rate-limited', 'Too many credentials from your address were not valid.', {
      retryAfterSeconds: Math.ceil((entry.since + windowMilliseconds - now) / 1_000),
      advice: 'Send a valid one: it is answered at once, whatever others send from there.',
    })
  }
}
