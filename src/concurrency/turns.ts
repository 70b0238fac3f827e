import { untilAborted } from './until-aborted.ts'

/** Lets one at a time through, in the order of asking. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** Resolves to the function that ends the turn. Rejects with the signal's reason; the turn then passes on. */
  async take(signal: AbortSignal): Promise<() => void> {
    const mine = Promise.withResolvers<void>()
    const before = this.#last
    this.#last = before.then(() => mine.promise)
    try {
      await untilAborted(before, signal)
      return () => mine.resolve()
    } catch (thrown) {
      mine.resolve()
      throw thrown
    }
  }
}
