import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { LoopShare } from '../../../src/filters/loop-share.ts'

/** Works without a pause for so many milliseconds. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

describe('share of the event loop', () => {
  it('S2: lets the loop turn between two slices, for however many work at once', async () => {
    const share = new LoopShare()
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
    // The first worker starts at once; everybody else gets a turn of the loop of their own.
    expect(new Set(slices).size).toBeGreaterThanOrEqual(19)
  })

  it('returns at once while nobody has worked for long', async () => {
    const share = new LoopShare()
    let turned = false
    void setImmediate().then(() => {
      turned = true
    })
    for (let step = 0; step < 50; step += 1) expect(share.pause()).toBeNull()
    await Promise.resolve()
    expect(turned).toBe(false)
  })

  it('hands slices out in the order of asking', async () => {
    const share = new LoopShare()
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
})
