/** How long a caller who was refused is held to be at an end, in milliseconds. */
const lastingMilliseconds = 60_000
/** Callers that are remembered before those are let go who were refused long ago. */
const mostKept = 10_000

/**
 * Of which callers it is not to be expected that what they begin will fit, by what this process has seen: who was refused
 * lately, or has begun as much as may run at a time.
 */
export class Doubts {
  readonly #elapsed: () => number
  readonly #refusedAt = new Map<string, number>()
  readonly #begun = new Map<string, number>()

  /** Milliseconds since any fixed point. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** `most`: how many requests of the caller may run at a time. */
  of(caller: string, most: number): boolean {
    const refusedAt = this.#refusedAt.get(caller)
    if (refusedAt !== undefined && this.#elapsed() - refusedAt < lastingMilliseconds) return true
    return (this.#begun.get(caller) ?? 0) >= most
  }

  refused(caller: string): void {
    this.#refusedAt.delete(caller)
    this.#refusedAt.set(caller, this.#elapsed())
    if (this.#refusedAt.size <= mostKept) return
    const [oldest] = this.#refusedAt.keys()
    if (oldest !== undefined) this.#refusedAt.delete(oldest)
  }

  /** Tells that something has begun of which nothing is held yet; what is returned, that it is held or over. */
  begin(caller: string): () => void {
    this.#begun.set(caller, (this.#begun.get(caller) ?? 0) + 1)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      const left = (this.#begun.get(caller) ?? 1) - 1
      if (left === 0) this.#begun.delete(caller)
      else this.#begun.set(caller, left)
    }
  }
}
