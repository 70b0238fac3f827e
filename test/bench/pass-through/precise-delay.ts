import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Moments } from './precise-delay-worker.ts'

/** Runs each of what it is given so many milliseconds later, to a tenth of one. */
export function preciseDelay(milliseconds: number): (work: () => void) => void {
  if (milliseconds === 0) return (work) => work()
  const moments: Moments = {
    count: new Int32Array(new SharedArrayBuffer(4)),
    due: new Float64Array(new SharedArrayBuffer(8 * 4_096)),
  }
  const waiting: (() => void)[] = []
  const worker = new Worker(join(import.meta.dirname, 'precise-delay-worker.ts'), { workerData: moments })
  worker.on('message', () => waiting.shift()?.())
  return (work) => {
    waiting.push(work)
    const at = Atomics.load(moments.count, 0) % moments.due.length
    moments.due[at] = Number(process.hrtime.bigint()) / 1e6 + milliseconds
    Atomics.add(moments.count, 0, 1)
    Atomics.notify(moments.count, 0)
  }
}
