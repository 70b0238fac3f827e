/**
 * What `work` resolves to; rejects once as many milliseconds have passed, and aborts its signal then. The timer goes with the
 * answer: one that is left behind for each of thousands of decisions a second would fire for nothing.
 */
export function withDeadline<Value>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController()
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  const timer = setTimeout(() => {
    const late = new DOMException(`Nothing came within ${milliseconds} ms.`, 'TimeoutError')
    controller.abort(late)
    reject(late)
  }, milliseconds)
  void work(controller.signal)
    .then(resolve, reject)
    .finally(() => clearTimeout(timer))
  return promise
}
