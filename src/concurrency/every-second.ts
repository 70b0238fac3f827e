import { laterUnnoticed, type Later } from './later.ts'

export interface RepeatedOptions {
  /** Rejects where it failed: it is done again later than the next time, up to eight seconds. */
  readonly work: () => Promise<void>
  readonly later?: Later
}

const secondMilliseconds = 1_000
const longestMilliseconds = 8_000

/** Does some work a second after it is asked for, once for all that ask meanwhile, and one after the other. */
export class EverySecond implements AsyncDisposable {
  readonly #options: RepeatedOptions
  #waiting: { readonly stop: () => void } | null = null
  #working: Promise<void> | null = null
  #isAsked = false
  #isEnded = false
  #pause = secondMilliseconds

  constructor(options: RepeatedOptions) {
    this.#options = options
  }

  /** `atOnce`: without the second. */
  ask({ atOnce = false }: { readonly atOnce?: boolean } = {}): void {
    if (this.#isEnded) return
    this.#isAsked = true
    if (this.#working !== null) return
    if (atOnce && this.#pause === secondMilliseconds) this.#begin()
    else this.#waiting ??= (this.#options.later ?? laterUnnoticed)(() => this.#begin(), this.#pause)
  }

  /** Waits for the work under way; what was asked for is not begun any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true
    this.#waiting?.stop()
    await this.#working
  }

  #begin(): void {
    this.#waiting?.stop()
    this.#waiting = null
    this.#isAsked = false
    this.#working = this.#work().finally(() => {
      this.#working = null
      if (this.#isAsked) this.ask()
    })
  }

  async #work(): Promise<void> {
    try {
      await this.#options.work()
      this.#pause = secondMilliseconds
    } catch {
      this.#pause = Math.min(this.#pause * 2, longestMilliseconds)
      this.#isAsked = true
    }
  }
}
