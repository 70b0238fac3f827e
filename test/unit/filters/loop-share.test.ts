import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { LoopShare } from '../../../src/filters/loop-share.ts'
import { verifies } from '../../support/verifies.ts'

/** A share on a clock that only work moves. */
function shareWithClock() {
  let now = 1
  const work = (milliseconds: number) => {
    now += milliseconds
  }
  return { share: new LoopShare(() => now), work }
}

describe('share of the event loop', () => {
  it('S2: lets the loop turn between two slices, for however many work at once', async () => {
    verifies('filters.loop-share')
    const { share, work } = shareWithClock()
    const slices: number[] = []
    let turn = 0
    let isDone = false
    const count = () => {
      turn += 1
      if (!isDone) globalThis.setImmediate(count)
    }
    count()
    const worker = async () => {
      for (let step = 0; step < 4; step += 1) {
        for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
        slices.push(turn)
        work(6)
      }
    }
    await Promise.all(Array.from({ length: 5 }, worker))
    isDone = true
    expect(slices).toHaveLength(20)
    expect(new Set(slices).size).toBe(20)
  })

  it('returns at once while nobody has worked for long', async () => {
    const { share } = shareWithClock()
    let turned = false
    void setImmediate().then(() => {
      turned = true
    })
    for (let step = 0; step < 50; step += 1) expect(share.pause()).toBeNull()
    await Promise.resolve()
    expect(turned).toBe(false)
  })

  it('hands slices out in the order of asking', async () => {
    const { share, work } = shareWithClock()
    const order: string[] = []
    const worker = async (name: string) => {
      for (let step = 0; step < 3; step += 1) {
        for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
        order.push(name)
        work(6)
      }
    }
    await Promise.all([worker('a'), worker('b')])
    expect(order).toEqual(['a', 'a', 'b', 'a', 'b', 'b'])
  })
  it('lets as many go in one turn as have room in a slice, each after what the one before does at once', async () => {
    const { share, work } = shareWithClock()
    expect(share.pause()).toBeNull()
    work(6)
    let turn = 0
    let isDone = false
    const count = () => {
      turn += 1
      if (!isDone) globalThis.setImmediate(count)
    }
    count()
    const went: string[] = []
    const worker = async (name: number) => {
      for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
      // Some have more to do before they work, and wait for nobody there.
      for (let tick = 0; tick < name % 7; tick += 1) await Promise.resolve()
      went.push(`${turn}:${name}`)
      work(1)
    }
    await Promise.all(Array.from({ length: 10 }, (_, name) => worker(name)))
    isDone = true
    const turns = went.map((each) => Number(each.split(':')[0]))
    expect(went.map((each) => Number(each.split(':')[1]))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([...Map.groupBy(turns, (each) => each).values()].map(({ length }) => length)).toEqual([4, 4, 2])
  })
  it('counts no time in which other programs have the processor: more than one a turn goes there, too', async () => {
    const share = new LoopShare()
    const taken = new Int32Array(new SharedArrayBuffer(4))
    let turn = 0
    let isDone = false
    const count = () => {
      turn += 1
      if (!isDone) globalThis.setImmediate(count)
    }
    count()
    const turns: number[] = []
    const worker = async () => {
      for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
      turns.push(turn)
      // As long as a slice by the clock, and next to nothing for the processor.
      Atomics.wait(taken, 0, 0, 5)
    }
    await Promise.all(Array.from({ length: 12 }, worker))
    isDone = true
    expect(turns).toHaveLength(12)
    expect(new Set(turns).size).toBeLessThan(12)
  })

  it('lets no more go where its own work takes long', async () => {
    const { share, work } = shareWithClock()
    const begun: number[] = []
    let turn = 0
    let isDone = false
    const count = () => {
      turn += 1
      if (!isDone) globalThis.setImmediate(count)
    }
    count()
    const worker = async () => {
      for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
      begun.push(turn)
      work(100)
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    isDone = true
    expect(new Set(begun).size).toBe(8)
  })

  it.each([
    ['little time', 1, 4],
    ['much time', 20, 20],
    ['very much time', 500, 25],
  ])('has slices of its own length where all else in a turn takes %s', async (_, elsewhere, most) => {
    const { share, work } = shareWithClock()
    let turn = 0
    let isDone = false
    const count = () => {
      turn += 1
      work(elsewhere)
      if (!isDone) globalThis.setImmediate(count)
    }
    count()
    const turns: number[] = []
    const worker = async () => {
      for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
      turns.push(turn)
      work(1)
    }
    await Promise.all(Array.from({ length: 200 }, worker))
    isDone = true
    const perTurn = [...Map.groupBy(turns, (each) => each).values()].map(({ length }) => length)
    expect(Math.max(...perTurn)).toBe(most)
    expect(perTurn.length).toBeLessThan(200 / most + 8)
  })
})
