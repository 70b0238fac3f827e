import { describe, expect, it } from 'vitest'
import { UsualTimes } from '../../../../src/gateway/admit/usual-times.ts'

function timesAt(now = 0) {
  const clock = { now }
  return { clock, times: new UsualTimes(() => clock.now) }
}

describe('how long requests of a caller take', () => {
  it('is believed to be five seconds where none has ended, from the beginning of the oldest that runs', () => {
    const { clock, times } = timesAt(7_000)
    expect(times.secondsUntilOneEnds('ann')).toBe(5)
    times.begin('ann')
    clock.now += 1_000
    times.begin('ann')
    clock.now += 1_000
    expect(times.secondsUntilOneEnds('ann')).toBe(3)
    clock.now += 5_000
    expect(times.secondsUntilOneEnds('ann')).toBe(-2)
    expect(times.secondsUntilOneEnds('bob')).toBe(5)
  })

  it('comes nearer to that of the last one by three tenths', () => {
    const { clock, times } = timesAt()
    const end = times.begin('ann')
    clock.now += 15_000
    end()
    expect(times.secondsUntilOneEnds('ann')).toBeCloseTo(8, 9)
    const quick = times.begin('ann')
    quick()
    expect(times.secondsUntilOneEnds('ann')).toBeCloseTo(5.6, 9)
  })

  it('is told as a minute at most', () => {
    const { clock, times } = timesAt()
    const end = times.begin('ann')
    clock.now += 1_000_000
    end()
    expect(times.secondsUntilOneEnds('ann')).toBe(60)
  })

  it('is of those that run still, where another one has ended', () => {
    const { clock, times } = timesAt()
    const end = times.begin('ann')
    clock.now += 5_000
    times.begin('ann')
    end()
    clock.now += 2_000
    expect(times.secondsUntilOneEnds('ann')).toBe(3)
  })

  it('is remembered of ten thousand callers, and beyond that while something of theirs runs', () => {
    const { clock, times } = timesAt()
    const [kept, running, other] = [times.begin('kept'), times.begin('running'), times.begin('running')]
    clock.now += 15_000
    kept()
    for (let caller = 0; caller < 9_998; caller += 1) times.begin(`caller ${caller}`)()
    // These are ten thousand.
    expect(times.secondsUntilOneEnds('caller 9997')).toBe(3.5)
    times.begin('late')()
    expect(times.secondsUntilOneEnds('late')).toBe(5)
    expect(times.secondsUntilOneEnds('kept')).toBeCloseTo(8, 9)
    const late = times.begin('late')
    other()
    expect(times.secondsUntilOneEnds('running')).toBeCloseTo(8 - 15, 9)
    running()
    expect(times.secondsUntilOneEnds('running')).toBe(5)
    late()
    expect(times.secondsUntilOneEnds('late')).toBe(3.5)
  })
})
