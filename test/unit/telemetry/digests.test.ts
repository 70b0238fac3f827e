import { createHmac } from 'node:crypto'
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

  it('are HMAC-SHA-256 of the bytes, whatever their number and that of the key', () => {
    for (const key of [Buffer.alloc(32, 7), Buffer.alloc(64, 8), Buffer.alloc(100, 9)]) {
      const digests = createDigests(key)
      for (const length of [0, 1, 63, 64, 65, 2_700, 65_536, 65_537, 200_000]) {
        const bytes = Buffer.alloc(length, 'é')
        const expected = createHmac('sha256', key).update(bytes).digest('hex')
        expect([length, digests.of(bytes).split(':')[1]]).toEqual([length, expected])
        expect(digests.of(new Uint8Array(bytes)).split(':')[1]).toBe(expected)
      }
      const text = 'lone \ud800 and “é”'
      expect(digests.of(text).split(':')[1]).toBe(createHmac('sha256', key).update(text).digest('hex'))
    }
  })

  it('stand for every name that is not known', () => {
    const known = new Set(['analyst'])
    expect(one.name('analyst', known)).toBe('analyst')
    expect(one.name('Analyst', known)).toBe(`unknown:${one.of('Analyst')}`)
    expect(one.name('__proto__', known)).toBe(`unknown:${one.of('__proto__')}`)
  })
})
