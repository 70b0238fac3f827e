import { describe, expect, it } from 'vitest'
import { Breaker } from '../../../src/concurrency/breaker.ts'

function breakerOf(failures: number) {
  const time = { now: 0 }
  return { time, breaker: new Breaker({ failures, openMilliseconds: 100, elapsed: () => time.now }) }
}

describe('a breaker', () => {
  it.each([
    ['of one caller, for that caller', true],
    ['that reach nobody, for all', false],
  ])(
    'opens after so many failures in a row %s, and lets one call through at a time until one succeeds',
    (_, reached) => {
      const { time, breaker } = breakerOf(2)
      const others = reached ? 0 : 100
      breaker.failed('ann', reached)
      breaker.succeeded('ann')
      breaker.failed('ann', reached)
      expect(breaker.wait('ann')).toBe(0)
      breaker.failed('ann', reached)
      expect([breaker.wait('ann'), breaker.wait('bob')]).toEqual([100, others])
      time.now = 100
      expect(breaker.wait('ann')).toBe(0)
      // The one that went is still under way.
      expect([breaker.wait('ann'), breaker.wait('bob')]).toEqual([100, others])
      breaker.failed('ann', reached)
      expect(breaker.wait('ann')).toBe(100)
      time.now = 250
      expect(breaker.wait('ann')).toBe(0)
      breaker.succeeded('ann')
      expect([breaker.wait('ann'), breaker.wait('bob')]).toEqual([0, 0])
    },
  )

  it('says how it stands for a caller, and changes nothing by it', () => {
    const { time, breaker } = breakerOf(2)
    const states = () => [breaker.stateFor('ann'), breaker.stateFor('bob')]
    breaker.failed('ann', true)
    expect(states()).toEqual(['closed', 'closed'])
    breaker.failed('ann', true)
    expect(states()).toEqual(['open', 'closed'])
    time.now = 100
    expect(states()).toEqual(['half-open', 'closed'])
    // Who looks takes no call's place.
    expect(states()).toEqual(['half-open', 'closed'])
    expect(breaker.wait('ann')).toBe(0)
    expect(states()).toEqual(['open', 'closed'])
    breaker.succeeded('ann')
    expect(states()).toEqual(['closed', 'closed'])
  })

  it('is closed for others by no caller, however often what that one sends fails', () => {
    const { breaker } = breakerOf(3)
    for (let count = 0; count < 50; count += 1) breaker.failed('mallory', true)
    expect([breaker.wait('mallory'), breaker.wait('ann')]).toEqual([100, 0])
  })

  it('opens for all where so many callers fail in a row', () => {
    const { breaker } = breakerOf(3)
    breaker.failed('ann', true)
    breaker.failed('bob', true)
    breaker.succeeded('eve')
    for (const caller of ['ann', 'bob']) breaker.failed(caller, true)
    expect(breaker.wait('zoe')).toBe(0)
    breaker.failed('eve', true)
    expect(breaker.wait('zoe')).toBe(100)
  })

  it('lets nobody’s turn pass that it does not give: who waits for themselves takes none from all', () => {
    const { time, breaker } = breakerOf(2)
    breaker.failed('ann', true)
    breaker.failed('ann', true)
    time.now = 50
    breaker.failed('bob', true)
    expect(breaker.wait('zoe')).toBe(100)
    time.now = 120
    // Ann's own row is over, that of all is not.
    expect(breaker.wait('ann')).toBe(30)
    time.now = 150
    expect([breaker.wait('ann'), breaker.wait('zoe')]).toEqual([0, 100])
  })

  it('gives the place of a call that told nothing to the next one, and opens no sooner for any other', () => {
    const { time, breaker } = breakerOf(1)
    breaker.failed('ann', false)
    // Nobody was let through yet.
    breaker.toldNothing('mallory')
    expect(breaker.wait('bob')).toBe(100)
    time.now = 100
    expect(breaker.wait('mallory')).toBe(0)
    expect(breaker.wait('bob')).toBe(100)
    breaker.toldNothing('mallory')
    expect([breaker.wait('bob'), breaker.wait('ann')]).toEqual([0, 100])
    breaker.failed('bob', false)
    breaker.toldNothing('mallory')
    expect(breaker.wait('ann')).toBe(100)
  })

  it('forgets the callers that failed first, of very many', () => {
    const { breaker } = breakerOf(1_000_000)
    for (let count = 0; count < 10_001; count += 1) breaker.failed(`c${count}`, true)
    expect(breaker.wait('c0')).toBe(0)
  })
})
