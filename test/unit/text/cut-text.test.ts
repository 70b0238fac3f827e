import { describe, expect, it } from 'vitest'
import { cutText } from '../../../src/text/cut-text.ts'

describe('a text that is cut', () => {
  it.each([
    ['abc', 4, 'abc'],
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['abc', 0, ''],
    ['', 0, ''],
    ['a😀b', 4, 'a😀b'],
    ['a😀b', 3, 'a😀'],
    ['a😀b', 2, 'a'],
    ['😀', 2, '😀'],
    ['😀', 1, ''],
    // Half a character that came so stays: a later piece may bring the rest.
    ['a\ud83d', 2, 'a\ud83d'],
  ])('%j to %i is %j', (text, limit, kept) => {
    expect(cutText(text, limit)).toBe(kept)
  })
})
