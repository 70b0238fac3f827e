import { describe, expect, it } from 'vitest'
import { textBefore } from '../../../src/text/text-before.ts'

describe('what stands before a place of a text', () => {
  it.each([
    [0, 3, ''],
    [1, 3, 'a'],
    [3, 3, 'abc'],
    [4, 3, 'bcd'],
    [6, 3, 'def'],
    [6, 0, ''],
    [6, 99, 'abcdef'],
    [9, 4, 'f'],
  ])('%i, up to %i characters: %j', (at, most, before) => {
    expect(textBefore('abcdef', at, most)).toBe(before)
  })
})
