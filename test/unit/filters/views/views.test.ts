import { describe, expect, it } from 'vitest'
import { readingsOf } from '../../../../src/filters/views/views.ts'

const texts = (text: string, focus?: { start: number; end: number }) => readingsOf(text, focus).map((one) => one.text)
const base64 = (text: string) => Buffer.from(text).toString('base64')
const value = 'mail anna@example.com now'

describe('the ways to read a text', () => {
  it.each([
    ['itself', 'plain words', ['plain words']],
    ['itself, normalized', 'ａ\u200bb', ['ab']],
    ['as it is shown', 'a **b** c', ['a **b** c', 'a b c']],
    ['as it is shown, normalized', 'a **ｂ** c', ['a **b** c', 'a b c']],
    ['as what a reference says, normalized', 'a&#65297;b', ['a&#65297;b', 'a1b']],
    ['as it is shown twice, where it was escaped twice', 'a%2540b', ['a%2540b', 'a%40b', 'a@b']],
    ['as a reference that was escaped', 'a&amp;#64;b', ['a&amp;#64;b', 'a&#64;b', 'a@b']],
    ['as an encoding says', `x ${base64('a@b.co')}`, [`x ${base64('a@b.co')}`, 'a@b.co']],
    ['as an encoding of another says', base64(base64('ab@cd.de')), [base64(base64('ab@cd.de')), base64('ab@cd.de'), 'ab@cd.de']],
    ['as an encoding says, normalized', base64('a＠b．co'), [base64('a＠b．co'), 'a@b.co']],
  ])('are %s', (_what, text, expected) => {
    expect(texts(text)).toEqual(expect.arrayContaining(expected))
    expect(texts(text)[0]).toBe(expected[0])
    if (expected.length < 3) expect(texts(text)).toHaveLength(expected.length)
  }) // prettier-ignore

  it('are those of encodings in encodings, three deep', () => {
    const encoded = (depth: number) => Array.from({ length: depth }).reduce<string>((text) => base64(text), value)
    expect(texts(encoded(3)).some((text) => text.includes('anna@example.com'))).toBe(true)
    expect(texts(encoded(4)).some((text) => text.includes('anna@example.com'))).toBe(false)
  })

  it('are those of encodings that touch the focus alone', () => {
    const text = `${base64(value)} ${base64('other words now')}`
    const second = text.indexOf(' ') + 1
    const said = (start: number, end: number) => texts(text, { start, end }).filter((one) => /mail|other/.test(one))
    expect(said(0, text.length)).toEqual([value, 'other words now'])
    expect(said(0, 10)).toEqual([value])
    expect(said(second, second + 5)).toEqual(['other words now'])
    expect(said(text.indexOf('='), second)).toEqual([])
    const marked = `**a** ${text}`
    expect(texts(marked, { start: 0, end: 5 }).some((one) => /mail|other/.test(one))).toBe(false)
  })

  it.each([
    ['base64', 'YUBiLmNv', 'a@b.co', 0, 8],
    ['pairs', '6140622e636f', 'a@b.co', 0, 12],
    ['base64 of few characters', 'YUBiLmN', null, 0, 0],
    ['a word in small letters', 'yubilmno', null, 0, 0],
  ])('begin where an encoding is long enough: %s', (_what, text, expected, start, end) => {
    const reading = readingsOf(text).find((one) => one.text === expected)
    expect(reading?.span(0, 6) ?? { start: 0, end: 0 }).toEqual({ start, end })
  })

  it('lead back to the text through all that they were read by', () => {
    const inner = `a&#64;b.co, **ｂ**`
    const text = `x ${base64(inner)}`
    const last = readingsOf(text).find((one) => one.text === 'a@b.co, b')
    expect(last?.span(0, 6)).toEqual({ start: 2, end: 2 + Math.ceil((10 * 8) / 6) })
    expect(last?.traits).toMatchObject({ hasAt: true, hasMarkup: false })
    const [first] = readingsOf('\u200b\u200bab')
    expect(first?.span(0, 2)).toEqual({ start: 2, end: 4 })
  })

  it('say what of it a detector could go by', () => {
    expect(readingsOf('a&commat;b').map(({ traits }) => traits.hasAt)).toEqual([false, true])
    expect(readingsOf('１２').map(({ traits }) => [traits.digits, traits.isPlain])).toEqual([[2, true]])
    expect(readingsOf('中文').map(({ traits }) => traits.isPlain)).toEqual([false])
  })
})
