import { describe, expect, it } from 'vitest'
import { createDigests } from '../../../src/telemetry/digests.ts'
import { verifies } from '../../support/verifies.ts'

describe('S11: digests of texts', () => {
  const one = createDigests(Buffer.alloc(32, 1))

  it('are equal for equal texts under one key, and under another nobody can tell', () => {
    verifies('audit.keyed')
    expect(one.of('How much?')).toBe(one.of('How much?'))
    expect(one.of('How much?')).not.toBe(one.of('How much'))
    const other = createDigests(Buffer.alloc(32, 2))
    expect(other.of('How much?').split(':')).not.toEqual(one.of('How much?').split(':'))
    expect(one.of('How much?')).toMatch(/^[0-9a-f]{8}:[0-9a-f]{64}$/)
  })

  it('stand for every name that is not known', () => {
    const known = new Set(['analyst'])
    expect(one.name('analyst', known)).toBe('analyst')
    expect(one.name('Analyst', known)).toBe(`unknown:${one.of('Analyst')}`)
    expect(one.name('__proto__', known)).toBe(`unknown:${one.of('__proto__')}`)
  })
})
