import { expect, it } from 'vitest'
import { threadMilliseconds } from '../../../src/concurrency/thread-time.ts'

it('grows by work, and not while a thread is stopped', () => {
  const start = threadMilliseconds()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  const stopped = threadMilliseconds() - start
  while (threadMilliseconds() - start - stopped < 20);
  expect(stopped).toBeLessThan(100)
  expect(threadMilliseconds() - start).toBeGreaterThanOrEqual(20)
})
