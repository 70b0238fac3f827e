import { untilAborted } from './until-aborted.ts'

/** Lets one at a time through, in the order of asking. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /**
   * Resolves to the function that ends the turn. Rejects with what `faultOf` makes of the signal, its reason without one;
   * the turn then passes on.
   */
  async take(signal: AbortSignal, faultOf?: (signal: AbortSignal) => unknown): Promise<() => void> {
    const mine = Promise.withResolvers<void>()
    const before = this.#last
    this.#last = before.then(() => mine.promise)
    try {
      await untilAborted(before, signal, faultOf)
      return () => mine.resolve()
    } catch (thrown) {
      mine.resolve()
      throw thrown
    }
  }
  /** Resolves when every `take` so far has ended its turn or was aborted. */
  ended(): Promise<void> {
    return this.#last
  }
}
