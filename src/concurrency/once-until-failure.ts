/** Work that is done once for all who ask for it, and anew only when it failed: the next to ask tries again. */
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
