import { describe, expect, it } from 'vitest'
import { beforeEscape, outsideEscapes, unescaped } from '../../../../../src/gateway/privacy/restore/json-escapes.ts'

describe('a value in a JSON text', () => {
  // `|` is where a detector has seen it begin, `^` where it begins.
  it.each([
    ['ab |^cd', 'no escape'],
    ['a\\\\|^n', 'a backslash by itself'],
    ['a\\\\\\\\|^u00eb', 'two of them'],
    ['a\\|n^b', 'the end of a line'],
    ['a\\|"^b', 'a quotation mark'],
    ['a\\\\\\|n^b', 'a backslash, then the end of a line'],
    ['a\\|u2192^b', 'an arrow'],
    ['a\\u2|192^b', 'the middle of an arrow'],
    ['a\\u219|2^b', 'the last of an arrow'],
    ['a ^\\|u00ebl', 'a letter'],
    ['a ^\\u00|ebl', 'the middle of a letter'],
    ['a ^zo\\|u00ebl', 'a letter behind letters'],
    ['a ^x.y_z+1-\\u00E|9l', 'a letter behind what addresses have'],
    ['a ^\\u00eb\\u00E|Bl', 'a letter behind another one'],
    ['a,^zo\\u00|ebl', 'a letter of a word behind a comma'],
    ['^zo\\u00|ebl', 'a letter of the first word'],
    ['a ^\\u003|1b', 'a digit'],
  ])('%j begins outside of %s', (marked, _what) => {
    const text = marked.replace(/[|^]/g, '')
    const at = marked.replace('^', '').indexOf('|')
    const begin = marked.replace('|', '').indexOf('^')
    expect(outsideEscapes(text, at, 0)).toBe(begin)
    expect(outsideEscapes(`\\${text}`, at + 1, 1)).toBe(begin + 1)
    expect(outsideEscapes(`xyz${text}`, at + 3, 3)).toBe(begin + 3)
  })

  it('begins no earlier than its stretch', () => {
    expect(outsideEscapes('abzo\\u00ebl', 8, 2)).toBe(2)
    expect(outsideEscapes('ab\\u00ebl', 6, 2)).toBe(2)
  })
})

describe('a JSON text', () => {
  it.each([
    ['ab', 2, 2],
    ['ab', 1, 1],
    ['a\\n', 2, 1],
    ['a\\n', 3, 3],
    ['a\\\\n', 3, 3],
    ['a\\\\\\n', 4, 3],
    ['a\\u00ebx', 3, 1],
    ['a\\u00ebx', 6, 1],
    ['a\\u00ebx', 7, 7],
    ['\\u00ebx', 1, 0],
    ['\\U00EB', 3, 0],
    ['u00eb', 3, 3],
  ])('%j may be cut at %i: at %i', (text, at, cut) => {
    expect(beforeEscape(text, at)).toBe(cut)
  })

  it('is read without its escapes, unless it is cut in one', () => {
    expect([unescaped('zo\\u00eb\\n\\"'), unescaped('zo\\u00e'), unescaped('a"b'), unescaped('')]).toEqual([
      'zoë\n"',
      'zo\\u00e',
      'a"b',
      '',
    ])
  })
})
