import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FairQueue } from '../../../src/concurrency/fair-queue.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal
const queue = (options: Partial<ConstructorParameters<typeof FairQueue>[0]> = {}) =>
  new FairQueue({
    running: 1,
    waiting: 10,
    waitingPerCaller: 10,
    waitMilliseconds: 60_000,
    busy: () => new Error('busy'),
    ...options,
  })

describe('the line before an endpoint', () => {
  it('lets the caller in who has fewest inside, however many another has waiting', async () => {
    verifies('endpoints.fair')
    const line = queue()
    const order: string[] = []
    const first = await line.enter('many', never)
    const waiting = ['many', 'many', 'many', 'few'].map(async (caller) => {
      using _turn = await line.enter(caller, never)
      order.push(caller)
    })
    first[Symbol.dispose]()
    await Promise.all(waiting)
    expect(order.indexOf('few')).toBeLessThanOrEqual(1)
  })

  it('lets in who has fewest inside before one whose turn came earlier', async () => {
    verifies('endpoints.fair')
    const line = queue({ running: 2 })
    const inside = [await line.enter('many', never), await line.enter('many', never)]
    const order: string[] = []
    const waiting = ['many', 'few'].map(async (caller) => {
      using _turn = await line.enter(caller, never)
      order.push(caller)
    })
    inside[0]?.[Symbol.dispose]()
    await expect.poll(() => order.length).toBe(2)
    expect(order).toEqual(['few', 'many'])
    inside[1]?.[Symbol.dispose]()
    await Promise.all(waiting)
  })

  it('takes a place from who has most waiting for who has fewer', async () => {
    verifies('endpoints.fair')
    const line = queue({ waiting: 3 })
    const inside = await line.enter('many', never)
    const ends = ['many', 'many', 'many', 'few'].map((caller) =>
      line.enter(caller, never).then(
        (turn) => (turn[Symbol.dispose](), `${caller} in`),
        () => `${caller} busy`,
      ),
    )
    await Promise.resolve()
    inside[Symbol.dispose]()
    expect((await Promise.all(ends)).toSorted()).toEqual(['few in', 'many busy', 'many in', 'many in'])
  })

  it('keeps as many of one caller waiting as it says, and no more than it says of all', async () => {
    const line = queue({ waiting: 2, waitingPerCaller: 1 })
    using _inside = await line.enter('a', never)
    const leave = new AbortController()
    const held = ['a', 'b'].map((caller) => line.enter(caller, leave.signal).catch((error: unknown) => error))
    await expect(line.enter('a', never)).rejects.toThrow('busy')
    await expect(line.enter('c', never)).rejects.toThrow('busy')
    leave.abort(new Error('left'))
    expect(await Promise.all(held)).toEqual([new Error('left'), new Error('left')])
  })

  it('has never more inside than it lets in, and forgets nobody', async () => {
    verifies('endpoints.fair')
    const steps = fc.array(fc.record({ caller: fc.constantFrom('a', 'b', 'c'), leaves: fc.boolean() }), {
      maxLength: 60,
    })
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), async (calls, running) => {
        const line = queue({ running, waiting: 100, waitingPerCaller: 100 })
        let [inside, most, entered, left] = [0, 0, 0, 0]
        await Promise.all(
          calls.map(async ({ caller, leaves }) => {
            const signal = leaves ? AbortSignal.abort(new Error('left')) : never
            try {
              using _turn = await line.enter(caller, signal)
              inside += 1
              entered += 1
              most = Math.max(most, inside)
              await Promise.resolve()
              inside -= 1
            } catch {
              left += 1
            }
          }),
        )
        expect(most).toBeLessThanOrEqual(running)
        expect([entered + left, inside]).toEqual([calls.length, 0])
      }),
      { numRuns: 50 },
    )
  })
})
