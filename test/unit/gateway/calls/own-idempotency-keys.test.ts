import { describe, expect, it } from 'vitest'
import { ownIdempotencyKeys } from '../../../../src/gateway/calls/own-idempotency-keys.ts'

const own = (headers: readonly string[], id = 'ann') =>
  ownIdempotencyKeys({ headers, principal: { id, kind: 'api-key', group: 'default' } })

describe('the idempotency key of a call', () => {
  it('is the same for the same caller and another for any other', () => {
    const [name, key] = own(['Idempotency-Key', 'k1'])
    expect(name).toBe('Idempotency-Key')
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(own(['Idempotency-Key', 'k1'])).toEqual([name, key])
    expect(own(['Idempotency-Key', 'k1'], 'bob')[1]).not.toBe(key)
    expect(own(['Idempotency-Key', 'k2'])[1]).not.toBe(key)
  })

  it('is found in any case and however often, and every other header stays as it is', () => {
    const headers = [
      'a',
      'idempotency-key',
      'IDEMPOTENCY-KEY',
      'k',
      'idempotency-key-2',
      'k',
      'idempotency-key',
      'k',
      'x',
      '',
    ]
    const changed = own(headers)
    expect(changed.filter((_, at) => at !== 3 && at !== 7)).toEqual(headers.filter((_, at) => at !== 3 && at !== 7))
    expect(changed[3]).toBe(changed[7])
    expect(changed[3]).not.toBe('k')
  })

  it('is nothing that is made where there is none', () => {
    const headers = ['content-type', 'application/json']
    expect(own(headers)).toBe(headers)
  })
})
