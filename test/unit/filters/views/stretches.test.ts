import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayBeReadable, readableStretches } from '../../../../src/filters/views/stretches.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

const utf8 = (text: string) => Buffer.from(text, 'utf8')
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : Buffer.from(part))))
const texts = (of: Uint8Array) => readableStretches(of).map(({ text }) => text)
const wide = (text: string, zeros: number) => bytes(...Array.from(text, (character) => [character.charCodeAt(0), ...Array<number>(zeros).fill(0)])) // prettier-ignore

describe('what is readable in bytes', () => {
  it.each([
    ['twelve characters', 'twelve chars', ['twelve chars']],
    ['eleven characters', 'eleven char', []],
    ['a tab, a line end and the last printable character', 'a\tb\nc\rd ~{}!', ['a\tb\nc\rd ~{}!']],
    ['a short address', 'a@b.co', ['a@b.co']],
    ['an address of five characters', 'a@b.c', []],
    ['a sign without a point', 'alice@here', []],
    ['a point without a sign', 'alice.here', []],
    ['six digits', '123456', ['123456']],
    ['six digits apart', '1a2b3c4d5e6', ['1a2b3c4d5e6']],
    ['five digits', 'a12345', []],
    ['nothing', '', []],
  ])('is %s', (_what, text, expected) => {
    expect(texts(latin1(text))).toEqual(expected)
    // Neither what stands before it nor what stands behind it changes that.
    expect(texts(bytes([1, 0x80, 0x1f], text, [0x7f, 0x85, 2]))).toEqual(expected)
  })

  it('is each stretch by itself: what is not readable parts them', () => {
    expect(texts(bytes('twelve chars', [1], 'and 12 more of them', [2], 'short'))).toEqual([
      'twelve chars',
      'and 12 more of them',
    ])
    expect(texts(bytes('a@b', [1], '.com.com'))).toEqual([])
    expect(texts(bytes('123', [1], '456'))).toEqual([])
    expect(texts(bytes('eleven', [1], 'characters'))).toEqual([])
  })

  it.each([
    ['two', 'für ä-ö-ü zwölf', ['für ä-ö-ü zwölf']],
    ['three', 'zwölf € und ein', ['zwölf € und ein']],
    ['four', 'a \u{1f600} and so on', ['a \u{1f600} and so on']],
    ['three, alone', '四一一一一一', ['四一一一一一']],
    ['full width', '４１１１１１', ['４１１１１１']],
    ['a full-width address', 'a＠b。co', ['a＠b。co']],
    ['an address of two full-width forms', 'a＠b．co', ['a＠b．co']],
    ['a full-width sign and a point', 'aa＠b.co', ['aa＠b.co']],
    ['a sign and a full-width point', 'aa@b．co', ['aa@b．co']],
    ['a full-width sign alone', 'aaa＠bb', []],
  ])('is text of UTF-8 with characters of more bytes: %s', (_what, text, expected) => {
    expect(texts(utf8(text))).toEqual(expected)
    expect(texts(bytes([1], text === '' ? '' : utf8(text).toString('latin1'), [1]))).toEqual(expected)
  })

  it('is no character that is cut short', () => {
    expect(texts(Buffer.concat([utf8('twelve chars'), utf8('€').subarray(0, 2), Buffer.from([1])]))).toEqual([
      'twelve chars',
    ])
    expect(texts(utf8('twelve chars€').subarray(0, -1))[0]).toBe('twelve chars')
    expect(texts(bytes([0x82, 0xac], 'twelve chars'))).toEqual(['twelve chars'])
    expect(texts(bytes('twelve chars', [0xc1, 0x80]))).toEqual(['twelve chars'])
  })

  it.each([
    ['between printable characters', bytes('f\u00fcr J\u00fcrgen und so weiter'), ['für Jürgen und so weiter']],
    ['at its beginning', bytes('\u00fcber den Berg da'), ['über den Berg da']],
    ['at its end', bytes('ein langes Men\u00fc'), ['ein langes Menü']],
    [
      'before a byte of zero',
      Buffer.from('f\u00fcr J\u00fcrgen und so weiter', 'utf16le'),
      ['für Jürgen und so weiter'],
    ],
    ['two of them, which are none', bytes('a long text ', [0xfc, 0xfc], 'x'), ['a long text ']],
    ['below those of Latin-1', bytes('a long text ', [0x9f], 'x'), ['a long text ']],
    ['with too few others beside each other', bytes('f\u00fcr a\u00fcb \u00fc c\u00fc d'), []],
    ['with a long stretch before it', bytes('twelve chars\u00fcab'), ['twelve charsüab']],
    ['with a long stretch behind it', bytes('ab\u00fctwelve chars'), ['abütwelve chars']],
  ])('is a letter of Latin-1 %s', (_what, of, expected) => {
    expect(texts(of)).toEqual(expected)
  })

  it.each([
    ['two bytes', wide('twelve chars', 1), ['twelve chars']],
    ['two bytes, the other first', bytes([0], wide('twelve chars', 1).toString('latin1')), ['twelve chars']],
    ['four bytes', wide('a@b.co', 3), ['a@b.co']],
    ['five bytes, which there are not', wide('twelve chars', 4), []],
    ['zeros behind characters of two bytes', utf8(`${'é\0'.repeat(6)}abcdefgh1234`), ['ééééééabcdefgh1234']],
    ['zeros behind letters of Latin-1', latin1(`${'aé\0'.repeat(6)}abcdefgh1234`), ['aéaéaéaéaéaéabcdefgh1234']],
    ['zeros before an address of five characters', bytes([0], 'a@b.c'), []],
    ['zeros alone', Buffer.alloc(40), []],
  ])('is text in characters of %s', (_what, of, expected) => {
    expect(texts(of)).toEqual(expected)
  })

  it('counts from where it begins, and for each stretch anew', () => {
    expect(texts(bytes([0, 0, 0, 0, 0, 0], 'abc', [1]))).toEqual([])
    expect(texts(bytes('12345', [1], '123456'))).toEqual(['123456'])
    expect(texts(bytes('a@b', [1], 'c.defgh', [1], 'a@b.co'))).toEqual(['a@b.co'])
    expect(texts(bytes('a.defgh', [1], 'c@defgh', [1]))).toEqual([])
    expect(texts(bytes('eleven char', [1], 'eleven char\u00fcx', [1], 'abc'))).toEqual([])
    expect(texts(bytes('twelve chars\u00fcx', [1], 'ab\u00fcdefgh', [1]))).toEqual(['twelve charsüx'])
  })
})

describe('where a character of a stretch stands in the bytes', () => {
  it.each([
    ['one byte each', bytes([1], 'a@b.co'), [1, 2, 3, 4, 5, 6, 7]],
    ['two bytes each', wide('a@b.co', 1), [0, 2, 4, 6, 8, 10, 12]],
    ['four bytes each', wide('a@b.co', 3), [0, 4, 8, 12, 16, 20, 24]],
    ['of UTF-8', utf8('é€\u{1f600}@.a1'), [0, 2, 5, 5, 9, 10, 11, 12, 13]],
    ['of Latin-1', bytes('a\u00fc@b.co'), [0, 1, 2, 3, 4, 5, 6, 7]],
  ])('is told: %s', (_what, of, places) => {
    const [stretch] = readableStretches(of)
    expect([...(stretch?.places ?? [])]).toEqual(places)
    expect(stretch?.text).toHaveLength(places.length - 1)
  })
})

describe('bytes that may be readable', () => {
  it.each([
    ['few characters', bytes('eleven char')],
    ['few digits', bytes('a12345')],
    ['a sign', bytes('alice@here')],
    ['a point', bytes('alice.here')],
    ['pieces that are set apart', bytes('eleven', [1], 'letters', [2], '12345', [3], '12345')],
    ['a sign and a point apart', bytes('alice@', [1], 'here.')],
    ['nothing', Buffer.alloc(0)],
    ['bytes without a meaning', Buffer.from([0x80, 0x81, 1, 2, 3, 0x90, 0x91, 0x92, 0xb0, 0xb1, 0xb2, 0xb3])],
  ])('are not %s', (_what, of) => {
    expect(mayBeReadable(of)).toBe(false)
    expect(readableStretches(of)).toEqual([])
  })

  it('are all in which something is readable, wherever they are cut', () => {
    const piece = fc.oneof(
      fc.constantFrom('a@b.co', '123456', 'twelve chars', 'ü', '€', '＠', '。', '４', '\u{1f600}', '@', '.', '1', 'ab').map(utf8),
      fc.constantFrom('ü', 'éa', 'a').map(latin1),
      fc.constantFrom([0], [0, 0, 0], [1], [0x80], [0xff], [0xe2, 0x82], [0xc2]).map((some) => Buffer.from(some)),
      fc.uint8Array({ maxLength: 3 }).map((some) => Buffer.from(some)),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.nat(3), (some, cut) => {
        const whole = Buffer.concat(some)
        const isReadable = readableStretches(whole.subarray(cut)).length > 0
        expect(mayBeReadable(whole) || !isReadable).toBe(true)
      }),
      { numRuns: propertyRuns(3_000), seed: 5 },
    )
  }) // prettier-ignore
})
