/** Does work once for all callers, who share its result. Only after a failure does the next call do it again. */
export function onceUntilFailure<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<Value> | null = null
  return () => {
    running ??= work().catch((thrown: unknown) => {
      running = null
      throw thrown
    })
    return running
  }
}
