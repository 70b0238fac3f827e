export interface BreakerOptions {
  /** Failed calls in a row after which it opens. */
  readonly failures: number
  readonly openMilliseconds: number
  /** Milliseconds since any fixed point. */
  readonly elapsed?: () => number
}

/** `half-open`: one call is let through next, to see whether it is back. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** Callers whose failures are remembered before those are let go that came first. */
const mostCallers = 10_000

/**
 * Keeps calls from an endpoint that fails, and lets one through now and then to see whether it is back. What it fails at may be
 * what one caller sends: then it is left alone by this caller, and by all only where calls of so many callers fail in a row, or
 * nobody reaches it at all. Nobody closes it for others by what they send.
 */
export class Breaker {
  readonly #options: BreakerOptions
  readonly #elapsed: () => number
  readonly #all = new Row()
  readonly #ofCallers = new Map<string, Row>()

  constructor(options: BreakerOptions) {
    this.#options = options
    this.#elapsed = options.elapsed ?? (() => performance.now())
  }

  /** Milliseconds until a call of the caller may be sent; 0 now, and then that call is the only one until it has ended. */
  wait(caller: string): number {
    const rows = [this.#all, this.#ofCallers.get(caller)].filter((row) => row !== undefined)
    const now = this.#elapsed()
    const left = Math.max(...rows.map((row) => row.openUntil - now), 0)
    // Whoever comes after waits for what becomes of this one.
    if (left === 0) for (const row of rows) if (row.isOpen) row.probe(now + this.#options.openMilliseconds)
    return left
  }

  /**
   * A call has ended without saying how the endpoint does: whoever comes next finds out in its place. Who sends nothing but such
   * calls would keep all others away else.
   */
  toldNothing(caller: string): void {
    const now = this.#elapsed()
    for (const row of [this.#all, this.#ofCallers.get(caller)]) if (row?.isProbed === true) row.open(now)
  }

  /** How it stands for a caller; looking changes nothing. */
  stateFor(caller: string): BreakerState {
    const rows = [this.#all, this.#ofCallers.get(caller)].filter((row) => row?.isOpen === true)
    if (rows.length === 0) return 'closed'
    const now = this.#elapsed()
    return rows.some((row) => row !== undefined && row.openUntil > now) ? 'open' : 'half-open'
  }

  succeeded(caller: string): void {
    this.#all.close()
    this.#ofCallers.delete(caller)
  }

  /** `wasReached`: it took the call, and answered wrongly or too late. */
  failed(caller: string, wasReached: boolean): void {
    this.#count(this.#all, wasReached ? caller : null)
    if (!wasReached) return
    const own = this.#ofCallers.get(caller) ?? new Row()
    this.#ofCallers.set(caller, own)
    this.#count(own, null)
    const [first] = this.#ofCallers.size > mostCallers ? this.#ofCallers.keys() : []
    if (first !== undefined) this.#ofCallers.delete(first)
  }

  #count(row: Row, caller: string | null): void {
    row.add(caller)
    if (row.failures >= this.#options.failures) row.open(this.#elapsed() + this.#options.openMilliseconds)
  }
}

/** Failures in a row, of which a caller counts once where they are told apart. */
class Row {
  readonly #callers = new Set<string>()
  #others = 0
  isOpen = false
  /** Is a call under way that is to find out whether it may close? */
  isProbed = false
  openUntil = Number.NEGATIVE_INFINITY

  get failures(): number {
    return this.#callers.size + this.#others
  }

  add(caller: string | null): void {
    if (caller === null) this.#others += 1
    else this.#callers.add(caller)
  }

  open(until: number): void {
    this.isOpen = true
    this.isProbed = false
    this.openUntil = until
  }

  probe(until: number): void {
    this.open(until)
    this.isProbed = true
  }

  close(): void {
    this.#callers.clear()
    this.#others = 0
    this.isOpen = false
    this.isProbed = false
    this.openUntil = Number.NEGATIVE_INFINITY
  }
}
