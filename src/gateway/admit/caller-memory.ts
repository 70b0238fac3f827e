/** How long a caller who was refused is held to be at an end, in milliseconds. */
const refusedMilliseconds = 60_000
/** Believed of a caller none of whose requests has ended, in milliseconds. */
const firstGuessMilliseconds = 5_000
const weightOfLast = 0.3
/** Callers that are remembered while nothing of theirs runs. */
const mostKept = 10_000

interface Caller {
  /** Requests of which nothing is held yet. */
  begun: number
  /** Since when something is held of each request. */
  readonly held: Set<{ readonly since: number }>
  /** How long something is held of requests of this caller, milliseconds: the last ones weigh most. */
  usualMilliseconds: number
  refusedAt: number | null
}

/** A request on its way, as far as it tells of its caller. */
interface WatchedRequest {
  /** Something is held of it now. */
  held(): void
  /** It is over. What was never held was worked for all the same, and counts as refused. */
  end(): void
}

/**
 * What this process has seen of each caller lately: whether it is to be expected that what they begin will fit, and how long
 * until one of their requests ends.
 */
export class CallerMemory {
  readonly #elapsed: () => number
  /** Those of whom something was seen last stand last. */
  readonly #callers = new Map<string, Caller>()

  /** Milliseconds since any fixed point. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** Was the caller refused lately, or has begun as many requests as may run at a time? */
  isDoubted(caller: string, most: number): boolean {
    const { refusedAt, begun } = this.#callers.get(caller) ?? unknown
    if (refusedAt !== null && this.#elapsed() - refusedAt < refusedMilliseconds) return true
    return begun >= most
  }

  refused(caller: string): void {
    this.#seen(caller).refusedAt = this.#elapsed()
  }

  /** Tells that a request has begun of which nothing is held yet. */
  begin(caller: string): WatchedRequest {
    const entry = this.#seen(caller)
    entry.begun += 1
    let request: { readonly since: number } | null = null
    let isOver = false
    return {
      held: () => {
        if (isOver || request !== null) return
        entry.begun -= 1
        request = { since: this.#elapsed() }
        entry.held.add(request)
      },
      end: () => {
        if (isOver) return
        isOver = true
        if (request === null) {
          entry.begun -= 1
          this.refused(caller)
          return
        }
        entry.held.delete(request)
        entry.usualMilliseconds += weightOfLast * (this.#elapsed() - request.since - entry.usualMilliseconds)
        this.#seen(caller)
      },
    }
  }

  /**
   * The seconds until the request that something is held of for longest will have taken as long as this caller's requests
   * usually do, a minute at most; negative where it has, and the usual time itself where there is none in this process.
   */
  secondsUntilOneEnds(caller: string): number {
    const { held, usualMilliseconds } = this.#callers.get(caller) ?? unknown
    const oldest = Math.min(this.#elapsed(), ...[...held].map(({ since }) => since))
    return Math.min(60, (usualMilliseconds - (this.#elapsed() - oldest)) / 1_000)
  }

  #seen(caller: string): Caller {
    const entry = this.#callers.get(caller) ?? {
      begun: 0,
      held: new Set(),
      usualMilliseconds: firstGuessMilliseconds,
      refusedAt: null,
    }
    this.#callers.delete(caller)
    this.#callers.set(caller, entry)
    if (this.#callers.size > mostKept) this.#forgetOne()
    return entry
  }

  /** Of whom nothing was seen for longest, of those of whom nothing runs; the last one was seen just now. */
  #forgetOne(): void {
    for (const [caller, { begun, held }] of this.#callers) {
      if (begun > 0 || held.size > 0) continue
      this.#callers.delete(caller)
      return
    }
  }
}

/** Of whom nothing is remembered. */
const unknown: Readonly<Caller> = {
  begun: 0,
  held: new Set(),
  usualMilliseconds: firstGuessMilliseconds,
  refusedAt: null,
}
