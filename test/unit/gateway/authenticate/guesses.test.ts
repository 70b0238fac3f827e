import { describe, expect, it } from 'vitest'
import { Guesses } from '../../../../src/gateway/authenticate/guesses.ts'
import { verifies } from '../../../support/verifies.ts'

function world() {
  const clock = { now: 1_000_000 }
  const guesses = new Guesses({ most: 3, windowMilliseconds: 60_000, elapsed: () => clock.now })
  const fail = (address: string) => guesses.failed(address)?.retryAfterSeconds ?? null
  return { clock, fail }
}

describe('wrong credentials', () => {
  it('of one address are answered as they are up to a limit, then 429 with the true seconds, until the window is over', () => {
    verifies('identity.guesses')
    const { clock, fail } = world()
    expect([fail('a'), fail('a'), fail('a'), fail('a')]).toEqual([null, null, null, 60])
    clock.now += 45_500
    expect([fail('a'), fail('b')]).toEqual([15, null])
    clock.now += 14_499
    expect(fail('a')).toBe(1)
    clock.now += 1
    expect(fail('a')).toBeNull()
    clock.now += 59_999
    expect([fail('a'), fail('a'), fail('a'), fail('b')]).toEqual([null, null, 1, null])
  })

  it('of more addresses than anybody has forget those that failed longest ago, and no other', () => {
    const { fail } = world()
    for (let count = 0; count < 4; count += 1) fail('first')
    for (let address = 0; address < 19_999; address += 1) fail(`other ${address}`)
    expect(fail('first')).toBe(60)
    for (let address = 0; address < 20_000; address += 1) fail(`new ${address}`)
    expect(fail('first')).toBeNull()
  })
})
