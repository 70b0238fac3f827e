import { expect, it } from 'vitest'

const bytes = (last: number) => Buffer.from([...Array<number>(1_000).fill(7), last])

it('bytes are alike where all of them are, inside of others too', () => {
  expect(bytes(1)).toEqual(bytes(1))
  expect({ found: [bytes(1)] }).toEqual({ found: [bytes(1)] })
  expect(new Uint8Array([1, 2])).toStrictEqual(new Uint8Array([1, 2]))
})

it.each([
  ['one differs', bytes(1), bytes(2)],
  ['one is missing', bytes(1), bytes(1).subarray(0, -1)],
  ['one is there too many', bytes(1).subarray(1), bytes(1)],
  ['there are none', Buffer.alloc(0), bytes(1)],
  ['one is inside of others', { found: [bytes(1)] }, { found: [bytes(2)] }],
])('bytes are not alike where %s', (_what, one, other) => {
  expect(() => expect(one).toEqual(other)).toThrow(/to deeply equal/)
  expect(one).not.toEqual(other)
})

it('an array of bytes is strictly no Buffer', () => {
  expect(new Uint8Array([1, 2])).not.toStrictEqual(Buffer.from([1, 2]))
})
