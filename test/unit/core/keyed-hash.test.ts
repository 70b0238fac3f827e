import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keyedHash, keyedShare } from '../../../src/core/keyed-hash.ts'

describe('a keyed hash made in two calls', () => {
  it.each([16, 32, 64, 65, 200])('is the HMAC of Node under a key of %i bytes, whatever the text', (length) => {
    const key = randomBytes(length)
    const hashed = keyedHash(key)
    for (const text of ['', 'a', 'zoë 🙂', 'x'.repeat(63), 'x'.repeat(65_536), 'x'.repeat(65_537), randomBytes(300)]) {
      expect(hashed(text).toString('hex')).toBe(createHmac('sha256', key).update(text).digest('hex'))
    }
  })

  it('gives digests of their own, which a later one leaves as they are', () => {
    const hashed = keyedHash(randomBytes(32))
    const first = hashed('a')
    const before = first.toString('hex')
    hashed('b')
    expect(first.toString('hex')).toBe(before)
  })
})

describe('a share by a key', () => {
  it('is the same for a text under one key and another under another, and even over many', () => {
    const shareOf = keyedShare(Buffer.from('one'))
    expect(shareOf('a')).toBe(keyedShare(Buffer.from('one'))('a'))
    expect(shareOf('a')).not.toBe(keyedShare(Buffer.from('another'))('a'))
    const below = Array.from({ length: 4_000 }, (_, at) => shareOf(`text ${at}`)).filter((share) => share < 0.25)
    expect(below.length / 4_000).toBeCloseTo(0.25, 1)
  })
})
