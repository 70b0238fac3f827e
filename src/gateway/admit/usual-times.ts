/** Believed of a caller none of whose requests has ended, in milliseconds. */
const firstGuessMilliseconds = 5_000
const weightOfLast = 0.3
/** Callers that are remembered while nothing of theirs runs. */
const mostKept = 10_000

interface Caller {
  /** When each running request began. */
  readonly running: Set<{ readonly began: number }>
  /** How long requests of this caller take, milliseconds: the last ones weigh most. */
  usualMilliseconds: number
}

/** How long requests of each caller take, in this process: what a caller is told who waits for the end of one. */
export class UsualTimes {
  readonly #elapsed: () => number
  readonly #callers = new Map<string, Caller>()

  /** Milliseconds since any fixed point. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** Tells that a request has begun; what is returned, that it has ended. */
  begin(caller: string): () => void {
    const entry = this.#callers.get(caller) ?? { running: new Set(), usualMilliseconds: firstGuessMilliseconds }
    this.#callers.set(caller, entry)
    const request = { began: this.#elapsed() }
    entry.running.add(request)
    return () => {
      entry.running.delete(request)
      entry.usualMilliseconds += weightOfLast * (this.#elapsed() - request.began - entry.usualMilliseconds)
      if (entry.running.size === 0 && this.#callers.size > mostKept) this.#callers.delete(caller)
    }
  }

  /**
   * The seconds until the request that began first will have taken as long as this caller's requests usually do, a minute
   * at most; negative where it has, and the usual time itself where none of them runs in this process.
   */
  secondsUntilOneEnds(caller: string): number {
    const { running, usualMilliseconds } = this.#callers.get(caller) ?? {
      running: [],
      usualMilliseconds: firstGuessMilliseconds,
    }
    const oldest = Math.min(this.#elapsed(), ...[...running].map(({ began }) => began))
    return Math.min(60, (usualMilliseconds - (this.#elapsed() - oldest)) / 1_000)
  }
}
