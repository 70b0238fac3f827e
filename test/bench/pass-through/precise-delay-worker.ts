/**
 * Says when each of a row of moments has come, in order. Node's own timers end on whole milliseconds of the machine's
 * clock, and two programs that answer each other fall into step with them: what one adds to the way would not be seen.
 */
import { parentPort, workerData } from 'node:worker_threads'

export interface Moments {
  /** How many moments were put in so far. */
  readonly count: Int32Array
  /** When, in milliseconds of `process.hrtime`; the place is the number modulo the length. */
  readonly due: Float64Array
}

const { count, due } = workerData as Moments
const nobody = new Int32Array(new SharedArrayBuffer(4))

for (let told = 0; ; told += 1) {
  Atomics.wait(count, 0, told)
  const wait = (due[told % due.length] ?? 0) - Number(process.hrtime.bigint()) / 1e6
  if (wait > 0) Atomics.wait(nobody, 0, 0, wait)
  // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(null)
}
