import { describe, expect, it } from 'vitest'
import { publicKeys } from '../../../../../src/gateway/authenticate/tokens/public-keys.ts'
import { makeKey } from '../../../../support/identity/test-issuer.ts'
import { verifies } from '../../../../support/verifies.ts'

const base64url = (number: bigint): string => {
  const digits = number.toString(16)
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex').toString('base64url')
}

/** A modulus as that library makes it: a power of 65537 modulo the product of the first 126 primes. */
function modulusOfRoca(): bigint {
  const primes: bigint[] = []
  for (let candidate = 2n; primes.length < 126; candidate += 1n) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate)
  }
  const product = primes.reduce((all, prime) => all * prime, 1n)
  let power = 1n
  for (let count = 0; count < 12_345; count += 1) power = (power * 65_537n) % product
  return (1n << 2_047n) - ((1n << 2_047n) % product) + power
}

const rsa = makeKey('RS256', 'rsa').jwk
const usable = (own: object) => {
  try {
    return publicKeys(JSON.stringify({ keys: [{ ...rsa, ...own }] })).length
  } catch {
    return 0
  }
}

describe('a key of RSA in a set', () => {
  it('is usable as it is made today', () => {
    expect([usable({}), usable({ e: base64url(65_539n) })]).toEqual([1, 1])
  })

  it.each([
    ['an exponent of 1', { e: base64url(1n) }],
    ['an exponent of 3', { e: base64url(3n) }],
    ['an even exponent', { e: base64url(65_538n) }],
    ['no exponent', { e: undefined }],
    ['an exponent that is no number', { e: '!' }],
    ['a modulus from which the private key follows', { n: base64url(modulusOfRoca()) }],
    ['no modulus', { n: '' }],
    ['a modulus of a hundred thousand letters', { n: 'x'.repeat(100_000) }],
    ['a private part', { d: 'AQAB' }],
  ])('is none with %s', (_case, own) => {
    verifies('identity.weak-keys')
    expect(usable(own)).toBe(0)
  })

  it('is one of those beside it that can be used', () => {
    const keys = [{ ...rsa, e: base64url(1n) }, null, 'x', { kty: 'oct', k: 'x' }, makeKey('ES256', 'ec').jwk]
    expect(publicKeys(JSON.stringify({ keys })).map(({ kid }) => kid)).toEqual(['ec'])
  })
})
