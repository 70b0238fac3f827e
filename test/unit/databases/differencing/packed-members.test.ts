import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pack, unpack } from '../../../../src/databases/differencing/packed-members.ts'

describe('a packed set', () => {
  it.each([
    ['none', []],
    ['one', [{ row: 7, entity: 3 }]],
    [
      'several, the largest whole numbers and nobody among them',
      [
        { row: 0, entity: -1 },
        { row: Number.MAX_SAFE_INTEGER, entity: 2 ** 40 },
        { row: -5, entity: 0 },
      ],
    ],
  ])('is read as it was written: %s', (_what, members) => {
    expect(unpack(pack(members))).toEqual(members)
  })

  it('is small where its members follow one another', () => {
    const members = Array.from({ length: 10_000 }, (_, row) => ({ row, entity: row }))
    expect(pack(members).length).toBeLessThan(16 * 10_000)
    expect(unpack(pack(members))).toEqual(members)
  })

  it.each([
    ['bytes that are not packed', Buffer.from('nothing of the kind'), 'invalid'],
    ['numbers that are cut off', deflateRawSync(new Uint8Array(12)), 'multiple of 8'],
  ])('is not read from %s', (_what, bytes, reason) => {
    expect(() => unpack(bytes)).toThrow(reason)
  })
})
