import { describe, expect, it } from 'vitest'
import { wordStarts } from '../../../../src/filters/identifiers/word-starts.ts'

/** The text with a mark wherever an identifier can begin. */
const marked = (text: string): string => {
  const starts = new Set(wordStarts(text))
  return Array.from({ length: text.length }, (_, at) => (starts.has(at) ? `^${text[at]}` : text[at])).join('')
}

describe('an identifier can begin', () => {
  it.each([
    ['a1', '^a1'],
    ['a 1', '^a ^1'],
    ['a  1', '^a  ^1'],
    ['a   1', 'a   ^1'],
    ['a, 1', '^a, ^1'],
    ['a b 1', 'a ^b ^1'],
    ['a 1 2', '^a ^1 ^2'],
    ['1 a', '^1 a'],
    ['x0y z', '^x0y z'],
    ['9', '^9'],
    ['a_1', '^a_1'],
    ['_1', '^_1'],
    ['é1', '^é1'],
    ['1é', '^1é'],
    ['王 1', '^王 ^1'],
    ['(A1)', '(^A1)'],
    ['/1:2@3[4`5{6', '/^1:^2@^3[^4`^5{^6'],
    ['Az09', '^Az09'],
    ['DEUTDEFF', '^DEUTDEFF'],
    ['DEUTDEFFXXX', '^DEUTDEFFXXX'],
    ['DEUTDEFF x', '^DEUTDEFF x'],
  ])('in %j at %j', (text, expected) => {
    expect(marked(text)).toBe(expected)
  })

  it.each([
    '',
    'a b c',
    'DEUTDEF',
    'DEUTDEFFX',
    'DEUTDEFFXX',
    'DEUTDEFFXXXX',
    'DEUTDEFf',
    'DEUT_EFF',
    'DEUTDEFÉ',
    '. - !',
  ])('nowhere in %j', (text) => {
    expect(wordStarts(text)).toEqual([])
  })
})
