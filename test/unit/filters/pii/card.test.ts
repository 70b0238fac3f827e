import { describe, expect, it } from 'vitest'
import { findCards, passesLuhn } from '../../../../src/filters/pii/card.ts'

const cards = (text: string, { column = null, siblings = [] }: Partial<Parameters<typeof findCards>[1]> = {}) =>
  findCards(text, { column, siblings, isWanted: () => true }).map(({ start, end, score }) => ({
    raw: text.slice(start, end),
    score,
  }))
const scoreOf = (text: string) => Math.max(0, ...cards(text).map(({ score }) => score))

/** A number of so many digits that begins like this, with its check digit. */
function numberOf(prefix: string, length: number): string {
  const body = prefix.padEnd(length - 1, '7')
  const check = Array.from('0123456789').find((digit) => passesLuhn(body + digit))
  return `${body}${check}`
}

/** The first and the last prefix of each range of a network, with the shortest and the longest of its numbers. */
const ranges: readonly (readonly [network: string, low: string, high: string, lengths: readonly number[]])[] = [
  ['Visa', '40', '49', [13, 16, 19]],
  ['Mastercard', '51', '55', [16]],
  ['Mastercard, second series', '2221', '2720', [16]],
  ['American Express', '34', '34', [15]],
  ['American Express', '37', '37', [15]],
  ['Discover', '6011', '6011', [16, 17, 18, 19]],
  ['Discover', '622126', '622925', [16, 19]],
  ['Discover', '644', '659', [16, 19]],
  ['Diners Club', '300', '305', [14, 15, 16, 19]],
  ['Diners Club', '3095', '3095', [14, 19]],
  ['Diners Club', '36', '36', [14, 19]],
  ['Diners Club', '38', '39', [14, 19]],
  ['JCB', '3528', '3589', [16, 19]],
  ['JCB of fifteen digits', '1800', '1800', [15]],
  ['JCB of fifteen digits', '2131', '2131', [15]],
  ['UnionPay', '62', '62', [16, 19]],
  ['UnionPay', '81', '81', [16, 19]],
  ['Mir', '2200', '2205', [16, 19]],
  ['Maestro', '50', '50', [13, 14, 15, 19]],
  ['Maestro', '56', '58', [13, 19]],
  ['Maestro', '6304', '6304', [13, 19]],
  ['Maestro', '639', '639', [13, 19]],
  ['Maestro', '67', '67', [13, 19]],
  ['Maestro', '0604', '0604', [13, 19]],
]

/** Prefixes right beside a range, of no network at all. */
const outside = [
  ['2220', 16], ['2721', 16], ['33', 15], ['35', 15], ['6010', 16], ['6012', 16], ['643', 16], ['660', 16], ['306', 14], ['3094', 14],
  ['3096', 14], ['3527', 16], ['3590', 16], ['1799', 15], ['1801', 15], ['2130', 15], ['2132', 15], ['80', 16], ['82', 16],
  ['2199', 16], ['2206', 16], ['59', 13], ['6303', 13], ['6305', 13], ['638', 13], ['640', 13], ['66', 13], ['68', 13],
  ['0603', 13], ['0605', 13], ['4', 14], ['4', 15], ['4', 17], ['4', 18], ['51', 15], ['55', 17], ['34', 14], ['34', 16], ['37', 16], ['6011', 15],
  ['644', 15], ['300', 13], ['36', 13], ['3528', 15], ['1800', 14], ['1800', 16], ['62', 15], ['81', 15], ['2200', 15],
  ['9', 12], ['9', 13], ['9', 14], ['9', 15], ['9', 16], ['9', 17], ['9', 18], ['9', 19], ['1', 13], ['1', 16], ['1', 19],
] as const // prettier-ignore

describe('networks of payment cards', () => {
  it.each(ranges)('are recognized by the digits in front: %s from %s to %s', (_network, low, high, lengths) => {
    for (const length of lengths) {
      for (const prefix of [low, high]) {
        const card = numberOf(prefix, length)
        expect(cards(`paid ${card} on Monday`)).toEqual([{ raw: card, score: 0.85 }])
      }
    }
  })

  it.each(outside)('leave alone what begins with %s and has %i digits', (prefix, length) => {
    expect(cards(`paid ${numberOf(prefix, length)} on Monday`)).toEqual([])
  })

  it('are recognized less surely by twelve digits, and by fewer than sixteen that are called something else', () => {
    expect(scoreOf(`paid ${numberOf('50', 12)} now`)).toBe(0.4)
    expect(scoreOf(`invoice ${numberOf('37', 15)} is open`)).toBe(0.4)
    expect(scoreOf(`invoice ${numberOf('4', 16)} is open`)).toBe(0.85)
    expect(scoreOf(`paid ${numberOf('37', 15)} now`)).toBe(0.85)
  })

  it('are found where nothing of the text is left behind them', () => {
    for (const [prefix, length] of [
      ['50', 12],
      ['4', 13],
      ['4', 19],
    ] as const) {
      const number = numberOf(prefix, length)
      expect(cards(number).map(({ raw }) => raw)).toEqual([number])
      expect(cards(`1 ${number}`).map(({ raw }) => raw)).toEqual([number])
    }
  })

  it('need not be known where the text or its column calls it a card', () => {
    const strange = numberOf('9', 16)
    expect(cards(`card ${strange}`)).toEqual([{ raw: strange, score: 0.98 }])
    expect(cards(strange, { column: 'card' })).toEqual([{ raw: strange, score: 0.98 }])
    expect(cards(`card ${numberOf('9', 12)}`)).toHaveLength(1)
    expect(cards(`card ${numberOf('9', 19)}`)).toHaveLength(1)
    expect(cards(`card ${numberOf('9', 11)}`)).toEqual([])
    expect(cards(`card ${numberOf('9', 20)}`)).toEqual([])
  })
})

describe('the check digit', () => {
  it.each(['79927398713', '4111111111111111', '378282246310005', '5555555555554444', '6011111111111117', '18'])(
    'is right of %s',
    (digits) => {
      expect(passesLuhn(digits)).toBe(true)
      for (const last of '0123456789') {
        if (!digits.endsWith(last)) expect(passesLuhn(digits.slice(0, -1) + last)).toBe(false)
      }
    },
  )
})

describe('the groups of a card', () => {
  it.each([
    ['four of four', '4111 1111 1111 1111'],
    ['with dashes', '4111-1111-1111-1111'],
    ['with points', '4111.1111.1111.1111'],
    ['with slashes', '4111/1111/1111/1111'],
    ['with underscores', '4111_1111_1111_1111'],
    ['with three more', '4111 1111 1111 1111 110'],
    ['three of four and one', '4222 2222 2222 2'],
    ['three of four and two', '3056 9309 0259 04'],
    ['four, six, five', '3782 822463 10005'],
    ['four, six, four', '3056 930902 5904'],
    ['none', '4111111111111111'],
  ])('are %s', (_what, raw) => {
    expect(passesLuhn(raw.replace(/\D/g, ''))).toBe(true)
    expect(cards(`I paid with ${raw} at noon`).map((card) => card.raw)).toContain(raw)
    expect(cards(raw).map((card) => card.raw)).toContain(raw)
  })

  it.each([
    ['two, then the rest', '41 11111111111111'],
    ['fives', '41111 11111 11111 1'],
    ['two of eight', '41111111 11111111'],
    ['one digit at a time', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
    ['two digits at a time', '41 11 11 11 11 11 11 11'],
    ['six groups', '411 111 111 111 111 1'],
  ])('are not %s, unless it is called a card or is of no use as one', (_what, raw) => {
    expect(cards(`I saw ${raw} at noon`)).toEqual([])
  })

  it.each([
    ['one digit at a time', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
    ['two digits at a time', '41 11 11 11 11 11 11 11'],
    ['two of eight', '41111111 11111111'],
    ['one digit at a time, with dashes', '4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1'],
  ])('are %s where it is called a card', (_what, raw) => {
    expect(cards(`the card is ${raw}`)).toContainEqual({ raw, score: 0.98 })
    expect(cards(`the card is ${raw.replace('4', '9').replace(/1$/, '3')}`)).toEqual([])
  })
})

describe('what stands around a card', () => {
  const card = '4111 1111 1111 1111'
  const plain = '4111111111111111'
  it.each([
    ['an amount with pennies', `total ${plain}.25 EUR`, 0],
    ['a fraction', `x = 0.${plain}`, 0],
    ['a fraction with a comma', `x = 0,${plain}`, 0],
    ['a fraction with a comma that the text begins with', `0,${plain} and so on`, 0],
    ['the second value of a list that begins with zero', `10,${plain}`, 1],
    ['digits of a fraction', `pi is 3.${plain}`, 0],
    ['a number that a table prints as a float', `paid ${plain}.0 today`, 1],
    ['groups with such an end', `paid ${card}.0 today`, 1],
    ['the end of a sentence', `I paid with ${plain}.`, 1],
    ['a sentence that goes on with a number', `I paid with ${plain}. 3 times`, 1],
    ['an array', `[1234 ${card} 5678]`, 0],
    ['an array with a word in it', `[paid ${card} today]`, 1],
    ['a link', `see [${card}](/help)`, 1],
    ['an array that is cut short', `[5085 ${card} ...`, 0],
    ['a date and a code', `${card} 12/27 123`, 1],
    ['a date with a blank and a code', `${card} 12 27 123`, 1],
    ['a code', `${card} 123`, 1],
    ['a group of four on each side', `1234 ${card} 5678`, 0],
    ['a row of three digits before it', `133 134 ${card}`, 0],
    ['a row of three digits after it', `${card} 133 134`, 0],
    ['a number of nine digits after it', `${card} 123456789`, 1],
    ['a number of nine digits before it', `123456789 ${card}`, 1],
    ['a number of eight digits after it', `${card} 12345678`, 0],
    ['a number with a dash after it', `${card} 1234-5678`, 1],
    ['a number with a dash before it', `5678-1234 ${card}`, 1],
    ['a code, and a number with a dash', `${card} 123 456-7`, 1],
    ['a slash', `1234/${card}`, 1],
    ['a slash after it', `${card}/1234`, 1],
    ['a point after it and more digits', `${card}.1234`, 0],
    ['a dash before it', `12-${card}`, 0],
    ['letters right before it', `a${plain}`, 0],
    ['letters right after it', `${plain}a`, 0],
    ['an underscore', `run_${plain}`, 0],
  ])('decides: %s', (_what, text, count) => {
    expect(cards(text).filter(({ score }) => score >= 0.5)).toHaveLength(count)
  })

  it('are other cards: a row of them is one for each', () => {
    const other = '5500 0000 0000 0004'
    expect(cards(`${card} ${other}`).map(({ raw }) => raw)).toEqual([card, other])
    expect(cards(`${card} ${other} ${card}`)).toHaveLength(3)
    expect(cards(`${card} 5500 0000 0000 0005`)).toEqual([])
    expect(cards(`${card} ${other} 1234`)).toEqual([])
    expect(cards(`${card} ${other} 5500 0000 0000 0005`)).toEqual([])
  })

  it('is the line: a card may be wrapped once in prose, and a column of numbers is none', () => {
    expect(cards('my card 4111 1111\n1111 1111 is lost')).toHaveLength(1)
    expect(cards('I gave 4111 1111\n1111 1111 to them')).toHaveLength(1)
    expect(cards('4111\n1111\n1111\n1111')).toEqual([])
    expect(cards('I saw 4111\n1111\n1111\n1111 there')).toEqual([])
    expect(cards('4111 1111\n1111 1111')).toEqual([])
    expect(cards('I saw 41111111\n11111111 there')).toEqual([])
  })

  it('are the other values of a column: one number that fits by chance is none', () => {
    const siblings = ['4539578763621486', '4539578763621487', '4539578763621480']
    expect(cards('4539578763621486', { siblings })).toEqual([])
    expect(cards('4539578763621486', { siblings: ['4111111111111111', '5500000000000004'] })).toHaveLength(1)
    expect(cards('4539578763621486', { siblings: ['Anna', '12', '-'] })).toHaveLength(1)
    expect(cards('4539578763621486', { siblings: ['4539578763621487', '4111111111111111'] })).toHaveLength(1)
  })
})

it('only what is wanted is looked at', () => {
  const text = '4111111111111111 and 5500000000000004'
  const wanted: string[] = []
  const isWanted = (start: number, end: number) => {
    wanted.push(text.slice(start, end))
    return start > 0
  }
  expect(findCards(text, { column: null, siblings: [], isWanted })).toMatchObject([
    { start: 21, end: 37, category: 'pii/card' },
  ])
  expect(wanted).toEqual(['4111111111111111', '5500000000000004'])
})

describe('a line of many cards', () => {
  it('is read in a time that grows with it: every card of a line of two hundred kilobytes is found', () => {
    const text = '4111 1111 1111 1111,'.repeat(10_000)
    expect(findCards(text, { column: null, siblings: [], isWanted: () => true })).toHaveLength(10_000)
  })
})
