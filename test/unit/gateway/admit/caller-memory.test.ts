import { describe, expect, it } from 'vitest'
import { CallerMemory } from '../../../../src/gateway/admit/caller-memory.ts'

function memoryAt(now = 0) {
  const clock = { now }
  const callers = new CallerMemory(() => clock.now)
  /** A request of which something is held at once; gives what ends it. */
  const hold = (caller: string): (() => void) => {
    const request = callers.begin(caller)
    request.held()
    return () => request.end()
  }
  return { clock, callers, hold }
}

describe('a caller', () => {
  it('is doubted for a minute after a refusal, and no other is', () => {
    const { clock, callers } = memoryAt()
    callers.refused('ann')
    expect([callers.isDoubted('ann', 9), callers.isDoubted('bob', 9)]).toEqual([true, false])
    clock.now = 59_999
    expect(callers.isDoubted('ann', 9)).toBe(true)
    clock.now = 60_000
    expect(callers.isDoubted('ann', 9)).toBe(false)
  })

  it('is doubted while as much of theirs has begun as may run', () => {
    const { callers } = memoryAt()
    const [one, other] = [callers.begin('ann'), callers.begin('ann')]
    const doubted = (most: number) => callers.isDoubted('ann', most)
    expect([doubted(2), doubted(3), callers.isDoubted('bob', 1)]).toEqual([true, false, false])
    one.held()
    // What is held twice is held once.
    one.held()
    expect([doubted(2), doubted(1)]).toEqual([false, true])
    other.held()
    expect(doubted(1)).toBe(false)
    one.end()
    other.end()
    one.end()
    expect(doubted(1)).toBe(false)
  })

  it('is doubted where a request ended of which nothing was ever held', () => {
    const { callers, hold } = memoryAt()
    hold('bob')()
    const request = callers.begin('ann')
    request.end()
    // It is over: nothing is held of it any more.
    request.held()
    expect([callers.isDoubted('ann', 9), callers.isDoubted('bob', 9)]).toEqual([true, false])
    expect(callers.secondsUntilOneEnds('ann')).toBe(5)
  })
})

describe('how long requests of a caller take', () => {
  it('is believed to be five seconds where none has ended, from when something is held of the oldest that runs', () => {
    const { clock, callers, hold } = memoryAt(7_000)
    expect(callers.secondsUntilOneEnds('ann')).toBe(5)
    const first = callers.begin('ann')
    clock.now += 2_500
    first.held()
    clock.now += 1_000
    hold('ann')
    clock.now += 1_000
    expect(callers.secondsUntilOneEnds('ann')).toBe(3)
    clock.now += 5_000
    expect(callers.secondsUntilOneEnds('ann')).toBe(-2)
    expect(callers.secondsUntilOneEnds('bob')).toBe(5)
  })

  it('comes nearer to that of the last one by three tenths', () => {
    const { clock, callers, hold } = memoryAt()
    const end = hold('ann')
    clock.now += 15_000
    end()
    expect(callers.secondsUntilOneEnds('ann')).toBeCloseTo(8, 9)
    hold('ann')()
    expect(callers.secondsUntilOneEnds('ann')).toBeCloseTo(5.6, 9)
  })

  it('is told as a minute at most', () => {
    const { clock, callers, hold } = memoryAt()
    const end = hold('ann')
    clock.now += 1_000_000
    end()
    expect(callers.secondsUntilOneEnds('ann')).toBe(60)
  })

  it('is of those that run still, where another one has ended', () => {
    const { clock, callers, hold } = memoryAt()
    const end = hold('ann')
    clock.now += 5_000
    hold('ann')
    end()
    clock.now += 2_000
    expect(callers.secondsUntilOneEnds('ann')).toBe(3)
  })
})

describe('what is remembered', () => {
  it('is of the ten thousand callers that were seen last, and of those beyond of whom something runs', () => {
    const { clock, callers, hold } = memoryAt()
    const [running, early] = [hold('running'), hold('early')]
    const begun = callers.begin('begun')
    clock.now += 15_000
    early()
    callers.refused('refused')
    for (let caller = 0; caller < 9_997; caller += 1) hold(`caller ${caller}`)()
    // One more than ten thousand were seen: of the two that are over and were seen first, one is gone.
    expect(callers.secondsUntilOneEnds('early')).toBe(5)
    expect([callers.isDoubted('refused', 9), callers.secondsUntilOneEnds('caller 0')]).toEqual([true, 3.5])
    callers.refused('late')
    expect([callers.isDoubted('refused', 9), callers.isDoubted('late', 9)]).toEqual([false, true])
    expect(callers.isDoubted('begun', 1)).toBe(true)
    expect(callers.secondsUntilOneEnds('running')).toBe(-10)
    begun.end()
    running()
    expect([callers.isDoubted('begun', 9), callers.secondsUntilOneEnds('running')]).toEqual([true, 8])
  })
})
