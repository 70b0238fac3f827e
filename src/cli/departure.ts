/**
 * The end of the process before its command is done. What is open is disposed first, so that no sandbox stays; asked
 * again, it ends at once.
 */
export class Departure {
  readonly #exit: (code: number) => void
  #open: AsyncDisposable | null = null
  #isLeaving = false

  constructor(exit: (code: number) => void) {
    this.#exit = exit
  }

  /** From now on this is disposed before the process ends. It has to bear being disposed twice, and wait both times. */
  keep(open: AsyncDisposable): void {
    this.#open = open
  }

  leave(code: number): void {
    if (this.#isLeaving || this.#open === null) {
      this.#exit(code)
      return
    }
    this.#isLeaving = true
    const end = (): void => this.#exit(code)
    void Promise.resolve(this.#open[Symbol.asyncDispose]()).then(end, end)
  }
}
