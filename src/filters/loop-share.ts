import { setImmediate } from 'node:timers/promises'
import { threadMilliseconds } from '../concurrency/thread-time.ts'

/** Longest work in one turn of the event loop, in milliseconds, where nothing else takes long. */
const usualSlice = 4
/** Where all else takes longer, a slice is as long as that: work that comes as fast as the rest would wait for ever more turns. */
const longestSlice = 25

/**
 * Divides the event loop between everything that works on it for long. One slice of work is handed out per turn of the
 * loop, to as many as have room in it, so that other callers wait for one slice and not for all work. Before each step:
 *
 *     for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
 */
export class LoopShare {
  readonly #now: () => number
  readonly #waiting: (() => void)[] = []
  #isHandingOut = false
  /** When the slice began that is worked in, 0 outside of one; the turn of the loop ends it. */
  #began = 0
  #slice = usualSlice

  /**
   * `now`: a clock of milliseconds that never jumps. It counts what the processor does for this thread: where other programs have the processor, a slice
   * by any other clock is over before anything was done in it, and those who wait get one step a turn.
   */
  constructor(now = threadMilliseconds) {
    this.#now = now
  }

  /** null while the slice lasts; else what to wait for before asking again. */
  pause(): Promise<void> | null {
    const isFree = this.#began === 0 && this.#waiting.length === 0
    if (isFree) this.#began = this.#now()
    if (!this.#isHandingOut) void this.#handOut()
    if (isFree || (this.#began !== 0 && this.#now() - this.#began < this.#slice)) return null
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  /** Does work step by step, each within a slice; resolves with what comes of it. */
  async inTurns<Made>(steps: Generator<void, Made>): Promise<Made> {
    for (;;) {
      for (let pause = this.pause(); pause !== null; pause = this.pause()) await pause
      const step = steps.next()
      if (step.done === true) return step.value
    }
  }

  async #handOut(): Promise<void> {
    this.#isHandingOut = true
    let ended: number | null = null
    do {
      // Timers and input get their turn before the next slice.
      await setImmediate()
      const elsewhere = ended === null ? 0 : this.#now() - ended
      this.#slice = Math.min(longestSlice, Math.max(usualSlice, elsewhere))
      this.#began = 0
      if (this.#waiting.length > 0) await this.#handOutSlice()
      ended = this.#now()
    } while (this.#began !== 0)
    this.#slice = usualSlice
    this.#isHandingOut = false
  }

  /** To one after another, each when the one before has done what it does without waiting: most need a small part of a slice. */
  async #handOutSlice(): Promise<void> {
    this.#began = this.#now()
    do {
      this.#waiting.shift()?.()
      await new Promise<void>((resolve) => {
        process.nextTick(resolve)
      })
    } while (this.#waiting.length > 0 && this.#now() - this.#began < this.#slice)
  }
}
