/** The time that something may take. */
export interface TimeLimit extends Disposable {
  /** Aborts with a `TimeoutError` once the time is over, unless it was disposed of before. */
  readonly signal: AbortSignal
}

/**
 * A limit of so many milliseconds that goes with what it limits: the timer of `AbortSignal.timeout` stays until its time is over, and with it
 * whatever listens, which for minutes after each of thousands of requests is memory that nothing has a use for. It keeps no process alive.
 */
export function timeLimit(milliseconds: number): TimeLimit {
  const controller = new AbortController()
  const late = () => controller.abort(new DOMException(`It was not over within ${milliseconds} ms.`, 'TimeoutError'))
  const timer = setTimeout(late, milliseconds).unref()
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) }
}
