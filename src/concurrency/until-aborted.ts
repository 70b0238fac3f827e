/**
 * The promise's outcome, or what `faultOf` makes of the signal if that comes first: its reason where nothing is said. The
 * promise goes on all the same.
 */
export async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
  faultOf: (signal: AbortSignal) => unknown = ({ reason }) => reason,
): Promise<Value> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(faultOf(signal))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (signal.aborted) onAbort()
    return await Promise.race([aborted.promise, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Nobody may be left to hear of its failure.
    promise.catch(() => {})
  }
}
