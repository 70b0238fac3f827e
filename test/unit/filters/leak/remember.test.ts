import { expect, it } from 'vitest'
import { remember } from '../../../../src/filters/leak/remember.ts'

it('makes something of the same texts once, for as long as there is room for it', () => {
  const made: (readonly string[])[] = []
  const once = remember((texts) => made.push(texts))
  const long = (letter: string) => [letter.repeat(900_000)]
  expect([once(['a', 'b']), once(['a', 'b']), once(['a,b']), once(['a', 'b'])]).toEqual([1, 1, 2, 1])
  expect([once(long('x')), once(long('y')), once(long('x'))]).toEqual([3, 4, 3])
  expect([once(long('z')), once(long('x')), once(long('y'))]).toEqual([5, 3, 6])
  expect(once(['a', 'b'])).toBe(7)
})

it('remembers some thousands of short texts at most', () => {
  const made: (readonly string[])[] = []
  const once = remember((texts) => made.push(texts))
  for (let at = 0; at < 10_000; at += 1) once([String(at)])
  expect(once(['9000'])).toBe(9_001)
  expect(once(['1000'])).toBe(10_001)
})
