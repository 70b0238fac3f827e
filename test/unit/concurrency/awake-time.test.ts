import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { MessageChannel } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { AwakeTime } from '../../../src/concurrency/awake-time.ts'

/** Keeps the event loop from turning. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

it('a turn of the event loop counts as two ticks of twenty at most, however long it takes', async () => {
  let isOver = false
  using disposer = new DisposableStack()
  const time = disposer.adopt(new AwakeTime(1_000, () => (isOver = true)), (one) => one.stop())
  expect(time.left).toBeGreaterThanOrEqual(900)
  block(1_100)
  expect(time.left).toBe(900)
  await sleep(1)
  expect(isOver).toBe(false)
  expect(time.left).toBeLessThanOrEqual(900)
})

it('ends once its milliseconds have passed, and once only', async () => {
  const ends: string[] = []
  const time = new AwakeTime(30, () => ends.push('end'))
  while (ends.length === 0) await sleep(2)
  expect(time.left).toBe(0)
  await sleep(20)
  expect(ends).toEqual(['end'])
})

it('what has come until the end is read before', async () => {
  const { port1, port2 } = new MessageChannel()
  const order: string[] = []
  const ended = Promise.withResolvers<void>()
  const read = once(port2, 'message').then(() => order.push('answer'))
  // From here on timers come first.
  await new Promise((resolve) => setImmediate(resolve))
  const time = new AwakeTime(1, () => {
    order.push('end')
    ended.resolve()
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port is no window
  port1.postMessage('answer')
  block(20)
  await ended.promise
  await read
  port1.close()
  time.stop()
  expect(order).toEqual(['answer', 'end'])
})

it('stands still and says no more once it is stopped', async () => {
  let isOver = false
  const time = new AwakeTime(20, () => (isOver = true))
  time.stop()
  const { left } = time
  await sleep(60)
  expect([time.left, isOver]).toEqual([left, false])
  expect(left).toBeGreaterThan(0)
})
