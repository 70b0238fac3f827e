import { expect, it } from 'vitest'
import { threadMilliseconds } from '../../../src/concurrency/thread-time.ts'

/** What is counted of 20 ms in which the thread is stopped. A clock would count all of them, each time. */
function countedWhileStopped(): number {
  const start = threadMilliseconds()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  return threadMilliseconds() - start
}

it('grows by work', () => {
  const start = threadMilliseconds()
  while (threadMilliseconds() - start < 20);
  expect(threadMilliseconds() - start).toBeGreaterThanOrEqual(20)
})

it('does not grow while a thread is stopped', async () => {
  await expect.poll(countedWhileStopped).toBeLessThan(10)
})
