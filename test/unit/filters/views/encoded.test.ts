import { describe, expect, it } from 'vitest'
import { encodedViews } from '../../../../src/filters/views/encoded.ts'

const all = { isWanted: () => true, hasBase64: true, hasPairs: true }
const texts = (text: string, options: Partial<typeof all> = {}) =>
  [...encodedViews(text, { ...all, ...options })].map((view) => view.text)

/** What of a text holds what an encoding in it says. */
function originOf(text: string, said: string): string | null {
  const view = [...encodedViews(text, all)].find((one) => one.text.includes(said))
  if (view === undefined) return null
  const at = view.text.indexOf(said)
  const { start, end } = view.span(at, at + said.length)
  return text.slice(start, end)
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const hex = (text: string) => Buffer.from(text).toString('hex')
const value = 'mail anna@example.com now'

describe('what base64 says', () => {
  it.each([
    ['alone', base64(value)],
    ['in words', `see ${base64(value)} there`],
    ['in the alphabet of addresses', Buffer.from(`${value} >>>???`).toString('base64url')],
    ['without its padding', base64(value).replaceAll('=', '')],
    ['behind one character', `k${base64(value)}`],
    ['behind two', `ke${base64(value)}`],
    ['behind three', `key${base64(value)}`],
    ['behind four', `keys${base64(value)}`],
    ['in front of more', `${base64(value).replaceAll('=', '')}abc`],
  ])('is read %s', (_what, text) => {
    expect(texts(text).some((said) => said.includes('anna@example.com'))).toBe(true)
  })

  it.each([
    ['16 characters a line', 16, '\n'],
    ['76 characters a line', 24, '\r\n'],
    ['a quotation', 20, '\n> '],
    ['two quotations, set in', 20, ' \t\r\n\t> > '],
  ])('is read over its lines: %s', (_what, width, end) => {
    const encoded = base64(value).replaceAll('=', '')
    const text = `a: ${encoded.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), `$1${end}`)} b`
    expect(texts(text).some((said) => said.includes('anna@example.com'))).toBe(true)
    const origin = originOf(text, 'anna@example.com') ?? ''
    expect(Buffer.from(origin.replaceAll(/[^A-Za-z0-9]/g, ''), 'base64').length).toBeGreaterThanOrEqual(16)
    expect(text.indexOf(origin)).toBe(3 + 6 + (width < 6 ? end.length : 0))
  })

  it.each([
    ['a line of fifteen', `${base64(value).slice(0, 15)}\n${base64(value).slice(15)}`, false],
    ['a line of fifteen behind words', `words of prose, ${base64(value).slice(0, 15)}\n${base64(value).slice(15)}`, false],
    ['a line of sixteen behind words', `words of prose, ${base64(value).slice(0, 16)}\n${base64(value).slice(16)}`, true],
    ['a line of sixteen', `${base64(value).slice(0, 16)}\n${base64(value).slice(16)}`, true],
    ['four blanks before the end', `${base64(value).slice(0, 16)}    \n${base64(value).slice(16)}`, true],
    ['five blanks before the end', `${base64(value).slice(0, 16)}     \n${base64(value).slice(16)}`, false],
    ['sixteen marks before the next line', `${base64(value).slice(0, 16)}\n${'>'.repeat(16)}${base64(value).slice(16)}`, true],
    ['seventeen marks before the next line', `${base64(value).slice(0, 16)}\n${'>'.repeat(17)}${base64(value).slice(16)}`, false],
    ['four signs before the end of other sorts', `${base64(value).slice(0, 16)} \t \r\n${base64(value).slice(16)}`, true],
    ['sixteen signs of other sorts before the next line', `${base64(value).slice(0, 16)}\n${'> >\t'.repeat(4)}${base64(value).slice(16)}`, true],
    ['the end of the text', base64(value).slice(0, 16), false],
    ['the end of the text and of a line', `${base64(value).slice(0, 16)}\n`, false],
    ['an empty line', `${base64(value).slice(0, 16)}\n\n${base64(value).slice(16)}`, false],
    ['a word between', `${base64(value).slice(0, 16)}\n, ${base64(value).slice(16)}`, false],
  ])('goes on over %s: %s', (_what, text, isOne) => {
    expect(texts(text).some((said) => said.includes('mail anna@example.com'))).toBe(isOne)
  }) // prettier-ignore

  it.each([
    ['fewer than eight characters', 'YUBiLmN'],
    ['no capital letter, as a plain word has none', 'abcdefghijklmnopqrst'],
    ['a character beyond ASCII in it', 'YUBi\u0080LmNv'],
    ['no text', Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 200, 201, 1]).toString('base64')],
  ])('is nothing where there is %s', (_what, text) => {
    expect(texts(text)).toEqual([])
  })

  it('of eight characters is read', () => {
    expect(texts(base64('a@b.co'))).toEqual(['a@b.co'])
    expect(texts(`xyz ${base64('a@b.co')}`)).toEqual(['a@b.co'])
  })

  it.each([
    ['mail', 'bWFpbC'],
    ['anna@example.com', 'Bhbm5hQGV4YW1wbGUuY29t'],
    ['mail anna', 'bWFpbCBhbm5h'],
    ['now', 'G5vdw'],
  ])('is found at its own characters: %s', (said, origin) => {
    expect(originOf(`see ${base64(value)}`, said)).toBe(origin)
  })
})

it.each([
  ['before a line end', 'mail anna@ex', 'bWFpbCBhbm5hQGV4'],
  ['behind one', 'ample.com no', 'YW1wbGUuY29tIG5v'],
  ['across one', 'anna@example.com', 'Bhbm5hQGV4\nYW1wbGUuY29t'],
])('what stands %s of base64 is found at its own characters', (_what, said, origin) => {
  expect(originOf(`see ${base64(value).replace(/(.{16})(?=.)/g, '$1\n')}`, said)).toBe(origin)
})

describe('what pairs of hexadecimal digits say', () => {
  const pairs = (mark: string, prefix = '') => Array.from(value, (one) => prefix + hex(one)).join(mark)
  it.each([
    ['in one run', hex(value)],
    ['in capitals', hex(value).toUpperCase()],
    ['behind a digit', `a${hex(value)}`],
    ['before a digit', `${hex(value)}a`],
    ['apart', pairs(' ')],
    ['with colons', pairs(':')],
    ['with dashes', pairs('-')],
    ['with commas and blanks', pairs(', ')],
    ['as numbers', pairs(', ', '0x')],
    ['as escapes', pairs('', '\\x')],
    ['in lines', hex(value).replace(/(.{20})/g, '$1\n')],
    ['in lines that are set in', hex(value).replace(/(.{20})/g, '$1\r\n\t  ')],
  ])('is read %s', (_what, text) => {
    expect(texts(`see ${text}; there`, { hasBase64: false }).some((said) => said.includes('anna@example.com'))).toBe(true)
  }) // prettier-ignore

  it.each([
    ['six', hex('a@b.co'), ['a@b.co']],
    ['five', hex('a@b.c'), []],
    ['numbers from 30 to 39', '30 31 32 33 34 35 36 37 38 39', []],
    ['digits in one run', hex('4111111111111111'), ['4111111111111111']],
    ['digits and a sign apart', '61 40 62 2e 63 6f', ['a@b.co']],
    ['a sign alone among digits apart', '31 32 33 34 35 36 40', ['123456@']],
  ])('of %s is read or not: %s', (_what, text, expected) => {
    expect(texts(text, { hasBase64: false })).toEqual(expected)
  })

  it.each([
    ['in one run', hex(value), 'anna', '616e6e61'],
    ['behind a digit', `a${hex(value)}`, 'anna', '616e6e61'],
    ['apart', pairs(' '), 'anna', '61 6e 6e 61'],
    ['as numbers', pairs(', ', '0x'), 'anna', '61, 0x6e, 0x6e, 0x61'],
    ['as escapes', pairs('', '\\x'), 'now', '6e\\x6f\\x77'],
    ['at its end', hex(value), 'now', '6e6f77'],
    ['at its beginning', hex(value), 'mail', '6d61696c'],
  ])('is found at its own digits: %s', (_what, text, said, origin) => {
    expect(originOf(`see ${text}`, said)).toBe(origin)
  })
})

describe('a run', () => {
  const text = `${base64(value)} ${base64(value)}; ${hex('a@b.co')}`
  it('is read only where it is wanted', () => {
    const places: string[] = []
    const isWanted = (from: number, to: number) => {
      places.push(text.slice(from, to))
      return from > 0
    }
    const found = [...encodedViews(text, { ...all, isWanted })].filter((view) => view.text === value)
    expect(found.map((view) => view.span(0, 1).start)).toEqual([37])
    expect(new Set(places)).toEqual(new Set([base64(value).replaceAll('=', ''), hex('a@b.co')]))
    expect(texts(hex('a@b.co'), { isWanted: () => false })).toEqual([])
  })

  it('is read only as the encodings that the text can hold', () => {
    expect(texts(base64('a@b.co'), { hasBase64: false })).toEqual([])
    expect(texts(hex('a@b.co'), { hasPairs: false })).toEqual([])
    expect(texts(hex('a@b.co'), { hasBase64: false })).toEqual(['a@b.co'])
  })
})
