import { describe, expect, it } from 'vitest'
import { TokenKeys } from '../../../../../src/gateway/privacy/keys/token-keys.ts'

const serviceKey = Buffer.alloc(32, 1)
const exported = (keys: TokenKeys, principal: string, endUser: string | null) =>
  keys.of({ principal, endUser }).export().toString('hex')

describe('the key of a scope', () => {
  // By HKDF-SHA-256 of another library, without a salt: tokens that stand with a provider are read by these keys for good.
  it.each([
    [null, '0555b39d447459d759e4862223af13cd0854b0fdf80f8a5de5a7dbfb01519eb2'],
    ['Kim', 'a8a4ccdfbd03b298c9e76eb1527235d45721428d03af778150e5ac793eccfd61'],
  ])('of ann and %j is %s', (endUser, key) => {
    expect(exported(new TokenKeys(serviceKey), 'ann', endUser)).toBe(key)
  })

  it('is no other scope’s, and no other service’s', () => {
    const keys = new TokenKeys(serviceKey)
    const all = [
      exported(keys, 'ann', null),
      exported(keys, 'ann', 'null'),
      exported(keys, 'ann', ''),
      exported(keys, 'bob', null),
      exported(keys, 'ann","', null),
      exported(new TokenKeys(Buffer.alloc(32, 2)), 'ann', null),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  it('is made once for a thousand scopes, and again after them', () => {
    const keys = new TokenKeys(serviceKey)
    const keyOf = (number: number) => keys.of({ principal: `p${number}`, endUser: null })
    const first = keyOf(0)
    for (let number = 1; number < 1_000; number += 1) keyOf(number)
    expect(keyOf(0)).toBe(first)
    keyOf(1_000)
    expect(keyOf(0)).not.toBe(first)
    expect(keyOf(0).export()).toEqual(first.export())
    expect(keyOf(1_000)).toBe(keyOf(1_000))
  })
})
