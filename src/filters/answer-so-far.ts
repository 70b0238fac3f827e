/**
 * What detectors have seen of one answer that is asked about piece by piece, by their names, each in a form of its own: what is
 * split over the pieces adds up, also where each piece is looked at by another process.
 */
export class AnswerSoFar {
  #given: Readonly<Record<string, string>>
  readonly #kept = new Map<string, () => string>()

  constructor(given: Readonly<Record<string, string>> = {}) {
    this.#given = given
  }

  /** What was written of a detector elsewhere; null where there is nothing. */
  of(detector: string): string | null {
    return Object.hasOwn(this.#given, detector) ? (this.#given[detector] ?? null) : null
  }

  /** `write`: what a detector has seen by then. */
  keep(detector: string, write: () => string): void {
    this.#kept.set(detector, write)
  }

  /** All of it, for another process. */
  written(): Readonly<Record<string, string>> {
    return { ...this.#given, ...Object.fromEntries(Array.from(this.#kept, ([name, write]) => [name, write()])) }
  }

  /** In the place of all of it: as another process has written it. */
  take(written: Readonly<Record<string, string>>): void {
    this.#given = written
    this.#kept.clear()
  }
}
