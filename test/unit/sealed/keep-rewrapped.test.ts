import { expect, it } from 'vitest'
import { keepRewrapped } from '../../../src/sealed/keep-rewrapped.ts'

it('rewraps at once and after each wait, goes on after a fault, and ends when it is disposed', async () => {
  const told: unknown[] = []
  let turns = 0
  const { promise: hasEnded, resolve: end } = Promise.withResolvers<void>()
  const vault = {
    rewrap: async () => {
      turns += 1
      if (turns === 2) throw new Error('no storage')
      return { rewrapped: 3 - turns, lost: 0 }
    },
  }
  const wait = async (signal: AbortSignal) => {
    if (turns < 3) return
    end()
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))
  }
  const keeper = keepRewrapped(
    [vault, { rewrap: async () => ({ rewrapped: 1, lost: turns }) }],
    { onRewrapped: (counts) => told.push(counts), onFault: (error) => told.push((error as Error).message) },
    wait,
  )
  await hasEnded
  await keeper[Symbol.asyncDispose]()
  expect(told).toEqual([{ rewrapped: 3, lost: 1 }, 'no storage', { rewrapped: 1, lost: 3 }])
  expect(turns).toBe(3)
})
