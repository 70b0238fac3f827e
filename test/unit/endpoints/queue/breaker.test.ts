import { describe, expect, it } from 'vitest'
import { Breaker } from '../../../../src/endpoints/queue/breaker.ts'

describe('a breaker', () => {
  it('opens after so many failures in a row, and lets one call through at a time until one succeeds', () => {
    let now = 0
    const breaker = new Breaker({ failures: 2, openMilliseconds: 100, elapsed: () => now })
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    expect(breaker.wait()).toBe(0)
    breaker.failed()
    expect(breaker.wait()).toBe(100)
    now = 100
    expect(breaker.wait()).toBe(0)
    // The one that went is still under way.
    expect(breaker.wait()).toBe(100)
    breaker.failed()
    expect(breaker.wait()).toBe(100)
    now = 250
    expect(breaker.wait()).toBe(0)
    breaker.succeeded()
    expect(breaker.wait()).toBe(0)
  })
})
