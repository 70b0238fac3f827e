import { expect, it } from 'vitest'
import { textBefore } from '../../../src/filters/text-before.ts'

it.each([
  [6, 3, 'def'],
  [6, 6, 'abcdef'],
  [6, 7, 'abcdef'],
  [2, 3, 'ab'],
  [1, 1, 'a'],
  [0, 3, ''],
  [8, 2, 'gh'],
])('what stands before place %i is of its last %i characters: %j', (at, length, expected) => {
  expect(textBefore('abcdefgh', at, length)).toBe(expected)
})
