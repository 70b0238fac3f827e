import { describe, expect, it } from 'vitest'
import { Throttle } from '../../../../src/gateway/admit/throttle.ts'

function throttleAt(everyMilliseconds = 1_000) {
  const clock = { now: 50 }
  return { clock, throttle: new Throttle({ what: 'things', burst: 3, everyMilliseconds, elapsed: () => clock.now }) }
}

describe('a throttle', () => {
  it('gives so many at once, then one in each time, and says when the next is', () => {
    const { clock, throttle } = throttleAt()
    for (let time = 0; time < 3; time += 1) throttle.take('alice')
    const refused = { code: 'rate-limited', message: 'Too many things in a short time.', retryAfterSeconds: 1 }
    expect(() => throttle.take('alice')).toThrow(expect.objectContaining(refused))
    clock.now += 999
    expect(() => throttle.take('alice')).toThrow(expect.objectContaining(refused))
    clock.now += 1
    throttle.take('alice')
    expect(() => throttle.take('alice')).toThrow(expect.objectContaining(refused))
  })

  it('has no more at once after a long pause', () => {
    const { clock, throttle } = throttleAt()
    throttle.take('alice')
    clock.now += 1_000_000
    for (let time = 0; time < 3; time += 1) throttle.take('alice')
    expect(() => throttle.take('alice')).toThrow('Too many things')
  })

  it('counts each principal by itself, and remembers those who wait among however many', () => {
    const { throttle } = throttleAt()
    for (let time = 0; time < 3; time += 1) throttle.take('alice')
    for (let other = 0; other < 25_000; other += 1) throttle.take(`other ${other}`)
    expect(() => throttle.take('alice')).toThrow('Too many things')
  })

  it('tells a wait longer than clients keep to as one that they must not repeat', () => {
    const { throttle } = throttleAt(120_000)
    for (let time = 0; time < 3; time += 1) throttle.take('alice')
    expect(() => throttle.take('alice')).toThrow(expect.objectContaining({ code: 'quota-exceeded' }))
  })
})
