import { describe, expect, it } from 'vitest'
import { createPiiFilter } from '../../../../src/filters/pii/pii-filter.ts'
import type { Subject } from '../../../../src/filters/pii/context.ts'
import { findOtherwiseWritten } from '../../../../src/filters/pii/written-otherwise.ts'

const found = (text: string, column: Subject | null = null) =>
  findOtherwiseWritten(text, { column, isWanted: () => true }, []).map(({ start, end, score, category }) => {
    expect(category).toBe('pii/card')
    return [text.slice(start, end), score]
  })

/** In other groups, and with other signs between them, than those in which cards are printed. */
const spellings = [
  '378282 246310005',
  '37828 22463 10005',
  '4111 111111 111111',
  '4111-111111-111111',
  '41 11111111111111',
  '411 111 111 111 111 1',
  '41111 11111-11111 1',
  '4111  1111  1111  1111',
  '4111 - 1111 - 1111 - 1111',
  '4111·1111·1111·1111',
  '4111 • 1111 • 1111 • 1111',
]

describe('a card in unusual groups', () => {
  it.each(spellings)('is found where it is called one: %s', (raw) => {
    for (const [before, behind] of [
      ['card ', ''],
      ['Visa: ', ', 12/27'],
      ['My credit card number is ', '.'],
      ['(card ', ')'],
    ]) {
      expect(found(`${before}${raw}${behind}`)).toEqual([[raw, 0.9]])
    }
    expect(found(raw, 'card')).toEqual([[raw, 0.9]])
  })

  it.each(spellings)('is found in a sentence that says nothing else of it: %s', (raw) => {
    expect(found(`Please charge ${raw} today.`)).toEqual([[raw, 0.7]])
    expect(found(`On 12 March I paid with ${raw}`)).toEqual([[raw, 0.7]])
  })

  it('is found at the beginning of a sentence, too', () => {
    expect(found('Hi 4111-111111-111111 is what you may charge.')).toEqual([['4111-111111-111111', 0.7]])
    expect(found('a 4111-111111-111111 is what you may charge.')).toEqual([['4111-111111-111111', 0.7]])
  })

  it('is found in a sentence of two words more, and not of one', () => {
    expect(found('Pay with 378282 246310005')).toEqual([['378282 246310005', 0.7]])
    expect(found('Pay 378282 246310005')).toEqual([])
    expect(found('card 501800 000009')).toEqual([['501800 000009', 0.9]])
  })

  it('is no amount for one group of three behind a point, but for all of them', () => {
    expect(found('card 41.111.111.111.111.11')).toEqual([['41.111.111.111.111.11', 0.9]])
    expect(found('card 4.000.000.000.002')).toEqual([])
  })

  it.each(['|', ':', ',', ', ', '\t', '; ', '    ', ' -- -- '])(
    'is none with %j between, which sets off numbers',
    (sign) => {
      expect(found(`card ${['4111', '1111', '1111', '1111'].join(sign)}`)).toEqual([])
    },
  )

  it('is found by itself where it has four groups of four with one sign between them', () => {
    for (const raw of ['4111  1111  1111  1111', '4111·1111·1111·1111', '4111 - 1111 - 1111 - 1111']) {
      expect(found(raw)).toEqual([[raw, 0.7]])
      expect(found(` ${raw}\n`)).toEqual([[raw, 0.7]])
    }
    for (const raw of ['378282 246310005', '4111 - 1111·1111 - 1111', '41111 11111 11111 1'])
      expect(found(raw)).toEqual([])
  })

  it.each([
    ['a wrong check digit', 'card 378282 246310006'],
    ['no network', 'card 978282 246310002'],
    ['eleven digits', 'card 50000 000006'],
    ['twenty digits', 'card 4111111111 1111111111'],
    ['letters before it', 'card A378282 246310005'],
    ['letters behind it', 'card 378282 246310005B'],
    ['a fraction', 'card 0.378282 246310005'],
    ['two lines', 'card 378282\n246310005'],
    ['an amount', 'credit 4.000.000.000.006'],
    ['an order', 'Your order is 378282 246310005 as said'],
    ['a telephone number', 'Please call 378282 246310005 today'],
    ['a sign before it', 'We pay with +378282 246310005 today'],
    ['a third group', 'We pay with 378282 246310005 7 today'],
    ['one digit at a time', 'We pay with 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 today'],
    ['seven groups', 'We pay with 41 11 11 11 11 11 1111 today'],
    ['one group of one digit among others', 'We pay with 4111 1 11111111111 today'],
    ['a first group of one digit', 'We pay with 4 111111111111111 today'],
    ['a length that few cards have', `We pay with 501800 000009 today`],
    ['an array', 'We pay with [378282 246310005] today'],
    ['code', 'const pay = with(378282 246310005);'],
    ['a row of a table', 'pay\twith\t378282 246310005\ttoday'],
    ['other long numbers', 'We pay with 378282 246310005 or 12345'],
    ['no words', 'x = 378282 246310005'],
  ])('is none with %s', (_what, text) => {
    expect(found(text)).toEqual([])
  })

  it('is the longest of the stretches that begin at a place, and nothing of it is another', () => {
    expect(found('card 4111 11111111 1111 12 27')).toEqual([['4111 11111111 1111', 0.9]])
    expect(found('card 7 378282 246310005, card 41111 11111 11111 1')).toEqual([
      ['378282 246310005', 0.9],
      ['41111 11111 11111 1', 0.9],
    ])
  })

  it('is looked at only where that is wanted, and not where one in usual groups was found', () => {
    const text = 'card 378282 246310005'
    const context = { column: null, isWanted: (_start: number, end: number) => end <= 20 }
    expect(findOtherwiseWritten(text, context, [])).toEqual([])
    const known = [{ start: 12, end: 21, category: 'pii/card', score: 1 }]
    expect(findOtherwiseWritten(text, { column: null, isWanted: () => true }, known)).toEqual([])
    const beside = [[0, 5], [21, 30]].map(([start = 0, end = 0]) => ({ start, end, category: 'pii/card', score: 1 })) // prettier-ignore
    expect(findOtherwiseWritten(text, { column: null, isWanted: () => true }, beside)).toHaveLength(1)
    const touching = [[0, 6], [20, 30]].map(([start = 0, end = 0]) => ({ start, end, category: 'pii/card', score: 1 })) // prettier-ignore
    for (const one of touching)
      expect(findOtherwiseWritten(text, { column: null, isWanted: () => true }, [one])).toEqual([])
  })

  it('is read in a time that grows with the text', () => {
    const text = '4111 11111111 1112, '.repeat(20_000)
    expect(found(`card ${text}`)).toEqual([])
  })
})

describe('the shortest of them', () => {
  it('is found where nothing of the text is left behind it', () => {
    expect(found('50000000 0017', 'card')).toEqual([['50000000 0017', 0.9]])
    expect(found('12,50000000 0017', 'card')).toEqual([])
  })
})

describe('a number with characters between its digits that nobody sees', () => {
  const signs = [
    '\u200b',
    '\u200c',
    '\u200d',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u034f',
    '\u180e',
    '\ufe0f',
    '\u202a',
    '\u2063',
  ]
  it.each([
    ['pii/card', '4111111111111111'],
    ['pii/card', '4111 1111 1111 1111'],
    ['pii/card', '3782 822463 10005'],
    ['pii/card', '378282-246310005'],
    ['pii/ssn', '536-90-4399'],
    ['pii/ssn', '536.90.4399'],
  ])('is found: %s %s', async (category, raw) => {
    const texts = signs.flatMap((sign) => [Array.from(raw).join(sign), raw.replace(/\d(?=\D|$)/g, `$&${sign}`)])
    const parts = texts.map((text) => ({ text: `We pay with ${text} today`, provenance: 'user' as const }))
    const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
    const findings = await createPiiFilter().inspect(parts, context, new AbortController().signal)
    expect(findings.map((finding) => finding.category)).toEqual(texts.map(() => category))
    for (const { part, start, end } of findings) {
      expect(parts[part]?.text.slice(start, end).replace(/[^\d]/g, '')).toBe(raw.replace(/\D/g, ''))
    }
  })
})
