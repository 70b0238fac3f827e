import { describe, expect, it } from 'vitest'
import { Doubts } from '../../../../src/gateway/admit/doubts.ts'

describe('a caller', () => {
  it('is doubted for a minute after a refusal, and no other is', () => {
    let now = 0
    const doubts = new Doubts(() => now)
    doubts.refused('ann')
    expect([doubts.of('ann', 9), doubts.of('bob', 9)]).toEqual([true, false])
    now = 59_999
    expect(doubts.of('ann', 9)).toBe(true)
    now = 60_000
    expect(doubts.of('ann', 9)).toBe(false)
  })

  it('is doubted while as much of theirs has begun as may run', () => {
    const doubts = new Doubts(() => 0)
    const ends = [doubts.begin('ann'), doubts.begin('ann')]
    expect([doubts.of('ann', 2), doubts.of('ann', 3), doubts.of('bob', 1)]).toEqual([true, false, false])
    ends[0]?.()
    // Ending twice ends nothing else.
    ends[0]?.()
    expect([doubts.of('ann', 2), doubts.of('ann', 1)]).toEqual([false, true])
    ends[1]?.()
    expect(doubts.of('ann', 1)).toBe(false)
  })

  it('is forgotten where ten thousand others were refused since', () => {
    const doubts = new Doubts(() => 0)
    for (let caller = 0; caller <= 10_000; caller += 1) doubts.refused(`${caller}`)
    expect([doubts.of('0', 9), doubts.of('1', 9), doubts.of('10000', 9)]).toEqual([false, true, true])
  })
})
