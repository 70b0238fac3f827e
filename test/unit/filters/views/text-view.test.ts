import { expect, it } from 'vitest'
import { touches } from '../../../../src/filters/views/text-view.ts'

it.each([
  [0, 3, 3, 5, false],
  [0, 4, 3, 5, true],
  [5, 6, 3, 5, false],
  [4, 6, 3, 5, true],
])('%i to %i and %i to %i have a character in common: %s', (start, end, from, to, expected) => {
  expect(touches({ start, end }, { start: from, end: to })).toBe(expected)
})
