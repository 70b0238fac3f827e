import { setImmediate } from 'node:timers/promises'

/** Longest work in one turn of the event loop, in milliseconds. */
const slice = 4

/**
 * Divides the event loop between everything that works on it for long. Whoever awaits a turn gets at most one slice of
 * work; one slice is handed out per turn of the loop, so that other callers wait for one slice and not for all work.
 */
export class LoopShare {
  readonly #waiting: (() => void)[] = []
  #isHandingOut = false
  /** When the slice began that is worked in; the turn of the loop ends it. */
  #began = 0

  /** Returns at once while the slice lasts, else in a later turn of the loop. */
  async turn(): Promise<void> {
    if (this.#began === 0 && this.#waiting.length === 0) {
      this.#begin()
      return
    }
    if (this.#began !== 0 && performance.now() - this.#began < slice) return
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      if (!this.#isHandingOut) void this.#handOut()
    })
  }

  #begin(): void {
    this.#began = performance.now()
    if (!this.#isHandingOut) void this.#handOut()
  }

  async #handOut(): Promise<void> {
    this.#isHandingOut = true
    do {
      // Timers and input get their turn before the next slice.
      await setImmediate()
      this.#began = 0
      const next = this.#waiting.shift()
      if (next !== undefined) {
        this.#began = performance.now()
        next()
      }
    } while (this.#began !== 0 || this.#waiting.length > 0)
    this.#isHandingOut = false
  }
}
