/** Lets one at a time through, in the order of asking. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** Resolves to the function that ends the turn. Rejects with the signal's reason; the turn then passes on. */
  async take(signal: AbortSignal): Promise<() => void> {
    const mine = Promise.withResolvers<void>()
    const before = this.#last
    this.#last = before.then(() => mine.promise)
    const aborted = Promise.withResolvers<never>()
    const onAbort = () => aborted.reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      signal.throwIfAborted()
      await Promise.race([before, aborted.promise])
      return () => mine.resolve()
    } catch (thrown) {
      mine.resolve()
      throw thrown
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}
