import { describe, expect, it } from 'vitest'
import {
  hasLetters,
  hasLoneDigits,
  isAmongOthers,
  isHexadecimal,
  isInArray,
  isInPath,
  lineAt,
  siblingsOf,
} from '../../../../src/filters/pii/surroundings.ts'
import { verifies } from '../../../support/verifies.ts'

/** The place of the first `raw` in a text. */
const placeOf = (text: string, raw: string) => [text.indexOf(raw), text.indexOf(raw) + raw.length] as const
const siblings = (text: string, raw: string) => siblingsOf(text, ...placeOf(text, raw))

describe('a number among hexadecimal ones', () => {
  const isOne = (text: string, raw: string) => isHexadecimal(text, ...placeOf(text, raw))

  it.each([
    ['a group before it', '607C 5751 5994 6333 7841 next', '5751 5994 6333 7841'],
    ['a group behind it', '5751 5994 6333 7841 727C', '5751 5994 6333 7841'],
    ['a group behind brackets', '[*0328.0020.0004][.A95D.0020]', '0328.0020.0004'],
    ['its like above', '[.42DF.0020.0007.0002]\n[.4301.0020.0011.0001]', '4301.0020.0011.0001'],
    ['its like below', '[.4301.0020.0011.0001]\n[.42DF.0020.0007.0002]', '4301.0020.0011.0001'],
    ['a code at the beginning of the line', 'FF96 : 4300.0020.0011.0002', '4300.0020.0011.0002'],
    ['a line of Unicode’s files above', '3089 ; x # HIRAGANA LETTER YO\n4301.0020 and on', '4301.0020'],
    ['a group near the beginning of a long text', `x 607C, 5751 59946${' words'.repeat(99)}`, '5751 59946'],
    ['an address of memory above', '0x1f3c: 00\n0x2000: 4111 1111 1111 1111', '4111 1111 1111 1111'],
    ['the form of Unicode’s files', '3089 ; 4301.0020.0011.0001 # HIRAGANA LETTER YO', '4301.0020.0011.0001'],
  ])('is told by %s', (_what, text, raw) => {
    verifies('identifiers.technical')
    expect(isOne(text, raw)).toBe(true)
  })

  it('is told by what stands beside it wherever it stands in a long text', () => {
    const tail = ' words of prose'.repeat(40)
    for (const before of ['', 'x ', 'words of prose, ']) {
      expect(isOne(`${before}607C 5751 5994 6333 7841${tail}`, '5751 5994 6333 7841')).toBe(true)
      expect(isOne(`${before}5751 5994 6333 7841 607C${tail}`, '5751 5994 6333 7841')).toBe(true)
    }
    for (const text of ['FF96 : 4300 5751', 'words\nFF96 : 12\n4300 5751', 'U+FF96 words\n4300 5751\nwords']) {
      expect(isOne(text + tail, '4300 5751')).toBe(true)
    }
  })

  it.each([
    ['an IBAN beside it', 'DE89 3704 0044 0532 0130 00, 4111 1111 1111 1111', '4111 1111 1111 1111'],
    ['IBANs above', 'BE68 5390 0754 7034\n4111 1111 1111 1111', '4111 1111 1111 1111'],
    ['a word of such letters', 'FACE 4111 1111 1111 1111 CAFE', '4111 1111 1111 1111'],
    ['a flight far from it', 'flight AF34 and BA22, call 0209 4660 0018', '0209 4660 0018'],
    ['a group of another width', '3FA 4111 1111 1111 1111', '4111 1111 1111 1111'],
    ['a number in a row of a table', '1024;4111 1111 1111 1111;7', '4111 1111 1111 1111'],
    ['groups of three digits', '3FA 030 901 820', '030 901 820'],
    ['a group of three digits and one of four', '607C 030 5751 607C', '030 5751'],
    ['codes at the beginning of lines, where its groups have several widths', 'FF96 : 12\n43005 5751', '43005 5751'],
    ['numbers at the beginning of lines', '1234 : 12\n4300 5751', '4300 5751'],
  ])('is not told by %s', (_what, text, raw) => expect(isOne(text, raw)).toBe(false))
})

describe('the line of a number', () => {
  it.each([
    ['one 1', 0, 'one 1'],
    ['one\ntwo 1', 4, 'two 1'],
    ['one\ntwo 1', 8, 'two 1'],
    ['one\ntwo 1\nthree', 7, 'two 1'],
    ['one\ntwo 1\nthree', 9, 'two 1'],
    ['one\ntwo 1\nthree', 10, 'three'],
    ['\none', 0, ''],
    ['', 0, ''],
    ['one 1\n', 2, 'one 1'],
  ])('of %j at %i is %j', (text, at, line) => {
    expect(lineAt(text, at)).toBe(line)
  })

  it('is looked at 480 characters around it', () => {
    const text = `${'a'.repeat(1_000)}1${'b'.repeat(1_000)}`
    expect(lineAt(text, 1_000)).toBe(`${'a'.repeat(480)}1${'b'.repeat(479)}`)
    expect(lineAt(`\n${text}\n`, 1_001)).toBe(`${'a'.repeat(480)}1${'b'.repeat(479)}`)
  })
})

describe('an array', () => {
  const tail = ' words'.repeat(120)
  it.each([
    ['[1 2 4111 3]', true],
    ['[4111]', true],
    ['[[1 2]\n [4111 3]]', true],
    ['[1.5, -2, 4111, +3]', true],
    ['[1 2 4111 ...', true],
    ['[4111](/a)', false],
    ['[a 4111]', false],
    ['[4111 a]', false],
    ['4111]', false],
    ['[4111', false],
    ['1 4111 2', false],
  ])('is what %j is: %s', (text, expected) => {
    expect(isInArray(text, ...placeOf(text, '4111'))).toBe(expected)
    const long = `${tail} ${text} ${tail}`
    expect(isInArray(long, ...placeOf(long, '4111'))).toBe(expected)
  })

  it('is looked at as far as 480 characters', () => {
    const row = (count: number) => `[${'1 '.repeat(count)}4111 ${'2 '.repeat(count)}]`
    expect(isInArray(row(200), ...placeOf(row(200), '4111'))).toBe(true)
    expect(isInArray(row(300), ...placeOf(row(300), '4111'))).toBe(false)
  })
})

describe('a drawing', () => {
  const path = 'M 25 2516 L 3559 666 L 3084 28 Q 4111 11 12 3 C 1 22 333 4 55 666 z'
  it.each([
    ['its numbers are coordinates', path, '4111', true],
    ['its commands are small letters', path.toLowerCase(), '4111', true],
    ['it stands in an attribute', `${'<svg> '.repeat(60)}<path d="${path}"/>${'<g/> '.repeat(60)}`, '4111', true],
    ['its numbers are fractions', 'M 25.5 -2516 L 3559,666 L 3084 28 H 4111 V 12 T 1 22 z', '4111', true],
    ['the number is the last of it', 'M 25 2516 L 3559 666 L 3084 28 H 12 V 4111z', '4111', true],
    ['it has five commands', 'M 25 2516 L 3559 666 Q 4111 11 12 3 L 1 2 L 3 4 z', '4111', true],
    ['it has four commands', 'M 25 2516 L 3559 666 Q 4111 11 12 3 L 1 2 z', '4111', false],
    ['it has too few commands', 'M 25 2516 L 3559 666 Q 4111 11 12 3 z', '4111', false],
    ['its commands have too many numbers', 'M 25 2516 1 L 3559 666 L 3084 28 Q 4111 11 12 3 L 1 2 z', '4111', false],
    ['its numbers have one width', 'M 2597 2516 L 3559 6666 L 3084 2828 Q 4111 1111 1212 3333 C 1111 2222 3333 4444 5555 6666 z', '4111', false],
    ['the number stands behind it', `${path} and then 4119`, '4119', false],
    ['the number stands in front of it', `4119 ${path}`, '4119', false],
    ['there is none', 'I paid with 4111', '4111', false],
  ])('is one where %s: %s', (_what, text, raw, expected) => {
    expect(isInPath(text, ...placeOf(text, raw))).toBe(expected)
  }) // prettier-ignore
})

describe('digits that stand apart', () => {
  it.each([
    ['1 2', true],
    ['030 1 2', true],
    ['1, 2', true],
    ['12 3', false],
    ['1 23', false],
    ['(1) 2', false],
    ['1 - 2', false],
    ['123', false],
    ['', false],
  ])('%j: %s', (raw, expected) => {
    expect(hasLoneDigits(raw)).toBe(expected)
  })
})

it.each([
  ['12 é', true],
  ['12 中', true],
  ['12-34_#', false],
])('letters in %j: %s', (text, expected) => {
  expect(hasLetters(text)).toBe(expected)
})

describe('the other values of a list', () => {
  it.each([
    ['above and below it', 'a,11-22\nb,33-44\nc,55-66', '33-44', ['11-22', '55-66']],
    ['nearest first', '1-0\n2-0\n3-0\n4-0\n5-0\n6-0\n7-0\n8-0\n9-0', '5-0', ['4-0', '6-0', '3-0', '7-0', '2-0', '8-0']],
    ['of its own line, where that has no letters', '11-22, 33-44', '11-22', ['33-44']],
    ['not of its own line, where that has', 'from 11-22 to 33-44', '11-22', []],
    ['of its own shape', '11-22\n333-44\n55 66\n77-88', '11-22', ['77-88']],
    ['not as a part of a longer one', '11-22\n11-22 33\nx11-22\n11-22x\na 11-22', '11-22', []],
    ['of twelve digits or more', '411111111111\n5555555555555555\n12345678901\nab123456789012', '411111111111', ['5555555555555555']],
    ['with no line around it', '11-22', '11-22', []],
    ['where it stands first', '11-22\n33-44', '11-22', ['33-44']],
    ['where it stands last', '11-22\n33-44', '33-44', ['11-22']],
    ['with a row of such numbers beside it', '11 22\n33 44 55', '11 22', ['']],
    ['with a row of other numbers beside it', '11 22\n3 4 555', '11 22', []],
    ['with a row of such numbers in the second line', '11 22\nwords\n33 44 55', '11 22', []],
    ['with words beside it', '11 22\nwords: 33 44.', '11 22', ['33 44']],
    ['with a row of two digits and one of four beside it', '11 22 33\n2024 05 06 77', '11 22 33', ['']],
    ['with a date beside it', '11 22 33\n2024-05-06 77', '11 22 33', []],
    ['with a row that is half as wide', '11 22\n33 44 555 6', '11 22', ['']],
    ['with a row of less', '11 22\n33 444 555 6', '11 22', []],
    ['with a shorter row', '11 22 33\n44 55', '11 22 33', []],
    ['with a row of as many groups', '11 222\n333 44', '11 222', ['']],
    ['with a line of blanks', '11 22\n   \n33 44', '11 22', ['33 44']],
    ['with one group beside it', '1122\n3344', '1122', []],
    ['with a row beside one that is no row', '11-22\n33 44 55', '11-22', []],
  ])('are seen %s', (_what, text, raw, expected) => {
    expect(siblings(text, raw)).toEqual(expected)
  }) // prettier-ignore

  it('are looked at 480 characters around it', () => {
    const far = `11-22\n${'x'.repeat(500)}\n33-44\n${'y'.repeat(500)}\n55-66`
    expect(siblings(far, '33-44')).toEqual([])
    const near = `11-22\n${'x'.repeat(300)}\n33-44\n${'y'.repeat(300)}\n55-66`
    expect(siblings(near, '33-44')).toEqual(['11-22', '55-66'])
    expect(siblings(`33-44 ${'x'.repeat(465)}\n11-22,55-66,77-88`, '33-44')).toEqual(['11-22', '55-66'])
  })
})

describe('a number among others', () => {
  const even = (raw: string) => Number(raw.at(-1)) % 2 === 0
  it.each([
    ['alone', '12-34', [], false],
    ['most of which pass', '12-34\n12-36\n12-38\n12-33', [], false],
    ['half of which pass', '12-34\n12-36\n12-33', [], false],
    ['most of which do not', '12-34\n12-36\n12-33\n12-35', [], true],
    ['none of which passes', '12-34\n12-33', [], true],
    ['of its column that do not pass', '12-34', ['411111111111', '4111-1111-1111'], true],
    ['of its column that pass', '12-34', ['411111111112', '4111 1111 1112'], false],
    ['of its column that are words, or short', '12-34', ['Anna', '12345', '41111111111', '1'.repeat(25)], false],
    ['of its column, as floats', '12-34', ['411111111112.0', '411111111114.0'], false],
    ['of its column and its lines', '12-34\n12-36', ['411111111111', '411111111113'], true],
  ])('is one: %s', (_what, text, column, expected) => {
    expect(isAmongOthers(text, { start: 0, end: 5, siblings: column }, even)).toBe(expected)
  })
})
