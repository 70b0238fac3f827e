import { describe, expect, it } from 'vitest'
import { maskText } from '../../../../../src/gateway/privacy/mask/mask-text.ts'
import { restoreText } from '../../../../../src/gateway/privacy/restore/text-restorer.ts'
import { SurrogateMaker } from '../../../../../src/gateway/privacy/surrogates/surrogate-maker.ts'
import { bookWith, spellings } from '../../../../support/privacy/private-calls.ts'

const mask = (text: string, ...spans: (readonly [start: number, end: number, category: string])[]) => {
  const book = bookWith(1)
  const given = spans.map(([start, end, category]) => ({ start, end, category }))
  const { text: masked, replaced } = maskText(text, given, { book, spellings })
  return {
    masked: masked as string,
    replaced: replaced.map(({ start, end, category }) => [text.slice(start, end), category]),
  }
}

describe('a masked text', () => {
  it('is the text itself where nothing was found in it', () => {
    expect(mask('Nothing here.')).toEqual({ masked: 'Nothing here.', replaced: [] })
    expect(mask('Nothing here.', [4, 4, 'pii/email'])).toEqual({ masked: 'Nothing here.', replaced: [] })
  })

  it('has tokens in the order of its values, and everything else as it was', () => {
    const { masked, replaced } = mask('a Kim, b@x!', [7, 10, 'pii/email'], [2, 5, 'pii/person'])
    expect(masked).toMatch(/^a PERSON_\w{10}, EMAIL_\w{10}!$/)
    expect(replaced).toEqual([
      ['Kim', 'pii/person'],
      ['b@x', 'pii/email'],
    ])
  })

  it('has one token for a word with many values in it, which is read once', () => {
    const length = 200_000
    const spans = Array.from({ length: length / 4 }, (_, at) => [at * 4 + 1, at * 4 + 3, 'pii/person'] as const)
    expect(mask('x'.repeat(length), ...spans).replaced).toEqual([['x'.repeat(length - 1), 'pii/person']])
  })

  it('has one token for values that overlap, of the kind of the longest of them', () => {
    expect(mask('https://a:b@c.example', [8, 21, 'pii/email'], [10, 11, 'secret/connection-string']).replaced).toEqual([
      ['a:b@c.example', 'pii/email'],
    ])
    expect(mask('..........', [0, 3, 'pii/person'], [2, 9, 'pii/card'], [4, 6, 'pii/ssn']).replaced).toEqual([
      ['.........', 'pii/card'],
    ])
    expect(mask('..........', [0, 6, 'pii/person'], [5, 8, 'pii/card'], [7, 9, 'pii/ssn']).replaced).toEqual([
      ['.........', 'pii/person'],
    ])
    expect(mask('............', [0, 6, 'pii/person'], [5, 8, 'pii/card'], [7, 11, 'pii/ssn']).replaced).toEqual([
      ['...........', 'pii/person'],
    ])
    expect(mask('..........', [0, 3, 'pii/person'], [2, 9, 'pii/card'], [4, 8, 'pii/ssn']).replaced).toEqual([
      ['.........', 'pii/card'],
    ])
    expect(mask('..........', [1, 4, 'pii/person'], [1, 4, 'pii/card']).replaced).toEqual([['...', 'pii/person']])
    expect(mask('. . .', [0, 1, 'pii/person'], [2, 3, 'pii/card']).replaced).toEqual([
      ['.', 'pii/person'],
      ['.', 'pii/card'],
    ])
    expect(mask('é- cd', [0, 2, 'pii/person'], [2, 5, 'pii/email']).replaced).toEqual([['é- cd', 'pii/email']])
  })

  it('takes in what is glued to a value in front, so that its token stands by itself', () => {
    expect(mask('say xKim', [5, 8, 'pii/person']).replaced).toEqual([['xKim', 'pii/person']])
    expect(mask('say x_Kim', [6, 9, 'pii/person']).replaced).toEqual([['Kim', 'pii/person']])
    expect(mask('我叫王小明', [2, 5, 'pii/person']).replaced).toEqual([['王小明', 'pii/person']])
  })

  it('never cuts a character in two', () => {
    expect(mask('😀Kim😀', [1, 6, 'pii/person']).replaced).toEqual([['😀Kim😀', 'pii/person']])
    expect(mask('😀Kim😀', [2, 5, 'pii/person']).replaced).toEqual([['Kim', 'pii/person']])
    for (const character of ['\u{10000}', '\u{10FFFF}', '\u{103FF}', '\u{10FC00}']) {
      expect(mask(`é${character}é`, [1, 2, 'pii/person']).replaced).toEqual([[character, 'pii/person']])
      expect(mask(`é${character}é`, [2, 3, 'pii/person']).replaced).toEqual([[character, 'pii/person']])
    }
    for (const [one, other] of ['\ud7ff\udc00', '\udc00\udc00', '\ud800\ud800', '\udbff\ue000', '\ud800a'].map(
      (pair) => [pair[0], pair[1]],
    )) {
      expect(mask(`é${one}${other}é`, [1, 2, 'pii/person']).replaced).toEqual([[one, 'pii/person']])
      if (other !== 'a')
        expect(mask(`é${one}${other}é`, [2, 3, 'pii/person']).replaced).toEqual([[other, 'pii/person']])
    }
  })

  it('is one token as a whole where what stands between its values would make one with them', () => {
    const book = bookWith(1)
    const text = 'a_B1'
    const { text: masked, replaced } = maskText(text, [{ start: 0, end: 1, category: 'pii/email' }], {
      book,
      spellings,
    })
    expect(replaced).toHaveLength(1)
    expect(restoreText(masked, { book, spellings, form: 'prose' })).toBe(text)
  })

  it('has what reads as a token replaced as a value', () => {
    const { masked, replaced } = mask('It says EMAIL_B1C2D3F4G5, email-b1c2d3.')
    expect(masked).toMatch(/^It says LITERAL_\w{10}, LITERAL_\w{10}\.$/)
    expect(replaced).toEqual([
      ['EMAIL_B1C2D3F4G5', 'literal'],
      ['email-b1c2d3', 'literal'],
    ])
  })
})

describe('a text with tokens and what stands for values in their form', () => {
  const card = '4539 1488 0343 6467'
  const email = 'kim@x.example'

  it.each([
    [`${email} pays by ${card}`],
    [`${card} is of ${email}`],
    [`${email}, ${card}, ${email}`],
    [`${card} or ${card}, ask ${email}`],
  ])('has each of them in its place: %s', (text) => {
    const book = bookWith(1)
    const surrogates = new SurrogateMaker({ book, kinds: new Set(['pii/card']), stops: [], saidLike: () => [] })
    const found = [card, email].flatMap((value) =>
      [...text.matchAll(new RegExp(value, 'g'))].map(({ index: start }) => {
        const category = value === card ? 'pii/card' : 'pii/email'
        return { start, end: start + value.length, category }
      }),
    )
    const { text: masked, replaced } = maskText(text, found, { book, spellings, surrogates })
    expect(replaced).toHaveLength(found.length)
    expect(masked.replace(/4\d{3} \d{4} \d{4} \d{4}/g, card).replace(/EMAIL_\w{10}/g, email)).toBe(text)
    expect(masked).not.toMatch(/kim|4539 1488/)
    expect(restoreText(masked, { book, spellings, form: 'prose' })).toBe(text)
  })
})
