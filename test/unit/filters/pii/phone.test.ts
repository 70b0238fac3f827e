import { describe, expect, it } from 'vitest'
import { findPhones } from '../../../../src/filters/pii/phone.ts'
import type { Subject } from '../../../../src/filters/pii/context.ts'

const numbers = (text: string, column: Subject | null = null) =>
  findPhones(text, { column, isWanted: () => true }).map(({ start, end, score }) => ({
    raw: text.slice(start, end),
    score,
  }))
const raws = (text: string, column: Subject | null = null) => [
  ...new Set(
    numbers(text, column)
      .filter(({ score }) => score >= 0.5)
      .map(({ raw }) => raw),
  ),
]
const tail = ' and what follows is of no account here'.repeat(20)

describe('international numbers', () => {
  it.each([
    ['plain', 'at +4930901820 or', '+4930901820'],
    ['in groups', 'at +49 30 901820 or', '+49 30 901820'],
    ['with the zero in brackets', 'at +44 (0)20 7946 0958 or', '+44 (0)20 7946 0958'],
    ['in brackets', 'at (+49) 30 901820 or', '(+49) 30 901820'],
    ['with points', 'at +1.202.555.0143 or', '+1.202.555.0143'],
    ['with dashes', 'at +1-202-555-0143 or', '+1-202-555-0143'],
    ['with a year after it', 'at +1 202-555-0143 2024', '+1 202-555-0143'],
    ['with an amount after it', 'at +49 30 901820 12 or', '+49 30 901820 12'],
    ['before the next column', 'at +1 202-555-0143   2024', '+1 202-555-0143'],
    ['at the end of a sentence', 'Call +49 30 901820.', '+49 30 901820'],
    ['at once', '+4930901820', '+4930901820'],
    ['with four numbers after it', 'at +1 202-555-0143 1 2 3 4 or', '+1 202-555-0143'],
  ])('are found %s', (_what, text, expected) => {
    for (const whole of [text, `${text}${tail}`]) expect(numbers(whole)).toContainEqual({ raw: expected, score: 0.92 })
  })

  it.each([
    ['a signed fraction', 'x +1.20255501 y'],
    ['six digits and six numbers behind them', 'at +999 301-820 1 2 3 4 5 6'],
    ['a sum', '12+4930901820'],
    ['a country that there is not', 'at +999 30 901820'],
    ['too few digits', 'at +49 30 90'],
    ['too many digits', 'at +49309018201234567890123456'],
    ['two signs', 'at ++4930901820'],
  ])('are none with %s', (_what, text) => {
    expect(numbers(text)).toEqual([])
  })
})

describe('North American numbers', () => {
  it.each([
    ['202-555-0143'],
    ['(202) 555-0143'],
    ['(202)555-0143'],
    ['202.555.0143'],
    ['1-202-555-0143'],
    ['1 (202) 555-0143'],
    ['202 555-0143'],
    ['2025550143'],
  ])('are found as %s where a word says telephone', (raw) => {
    expect(raws(`phone ${raw} is it${tail}`)).toContain(raw)
  })

  it.each([['202-555-0143'], ['(202) 555-0143'], ['202.555.0143'], ['1-202-555-0143'], ['212 555 0199']])(
    'are found by their shape alone: %s',
    (raw) => {
      expect(numbers(`Anna has ${raw} as hers${tail}`)).toContainEqual({ raw, score: 0.8 })
      expect(raws(raw)).toEqual([raw])
    },
  )

  it.each([
    ['an area that begins with one', 'has 102-555-0143 as'],
    ['an exchange that begins with one', 'has 202-155-0143 as'],
    ['a price', 'has $202-555-0143 as'],
    ['a percentage', 'has 202-555-0143% as'],
    ['a longer row', 'has 202-555-0143-12 as'],
    ['a longer row in front', 'has 12-202-555-0143 as'],
    ['a clock', 'has 202-555-0143:12 as'],
    ['a part number', 'has AB-202-555-0143 as'],
    ['a part number that goes on', 'has 202-555-0143-AB as'],
    ['a part number with an underscore', 'has 202-555-0143_AB as'],
    ['a row of a table', '[202 555 4143 303]'],
    ['a word that says order', 'order: 202-555-0143'],
    ['a word that says order, in quotation marks', '"order_id": "202-555-0143"'],
    ['a number of a ticket', 'ticket #202-555-0143'],
  ])('are none with %s', (_what, text) => {
    expect(raws(text)).toEqual([])
    expect(raws(`${text}\n${tail}`)).toEqual([])
  })

  it('are recognized by their column', () => {
    expect(raws('202-555-0143', 'other')).toEqual([])
    expect(raws('202-555-0143', 'card')).toEqual(['202-555-0143'])
  })
})

/** A column of each country, in its own way of writing: areas and numbers of no one. */
const columns: readonly (readonly [country: string, ...numbers: string[]])[] = [
  ['Great Britain', '01405 981214', '01869 857367', '01671 285919', '01409 916206'],
  ['Great Britain', '0118 909 1312', '0300 179 9375', '0378 167 9154'],
  ['Germany', '0183 31697800', '0176 42462262'],
  ['Germany', '05750 5548519', '04328 2715256'],
  ['France', '01 72 50 43 13', '02 19 82 63 63', '06 80 73 31 92'],
  ['Italy', '049 8775 9674', '010 9900 6120'],
  ['Italy', '0744 235 4961', '0122 307 6389', '0981 125 9284'],
  ['the Netherlands', '020 531 3756', '010 785 0882', '070 791 9248'],
  ['Belgium', '03 422 04 17', '09 714 48 27', '04 396 18 93'],
  ['Belgium', '065 49 50 21', '067 92 04 13', '083 73 38 53'],
  ['Switzerland', '044 951 06 84', '031 096 62 47', '079 759 46 99'],
  ['Austria', '01 8210786064', '01 2519361702'],
  ['Austria', '04003 165919', '03285 9340639'],
  ['Australia', '0408 121 134', '0469 912 075'],
  ['Sweden', '08-457 37 67', '08-949 30 58', '08-506 51 82'],
  ['Sweden', '033-80 72 98', '040-33 20 36', '016-15 05 96'],
  ['Sweden', '0452-858 04', '0915-473 64', '0952-346 78'],
  ['Japan', '072-7643-0108', '077-9830-9902'],
  ['India', '098178 23917', '069706 25220'],
  ['India', '01521 971 949', '01522 972 949'],
  ['Turkey', '0501 014 99 50', '0532 856 34 21'],
  ['South Africa', '010 994 7039', '094 831 4656', '025 868 7811', '089 743 3594'],
]

describe('numbers of a country', () => {
  it.each(columns)('are found in a column of %s', (_country, ...column) => {
    const names = ['Anna', 'Bob', 'Carol', 'Dora', 'Emil']
    const rows = column.map((raw, index) => `${names[index]},${raw}`).join('\n')
    expect(raws(`${rows}\n`)).toEqual(column)
    for (const raw of column) expect(numbers(`Anna hat ${raw} als`)).toEqual([{ raw, score: 0.6 }])
  })

  it.each(['0207 9460958', '0207 946 0958', '0151 3901820', '030 017 993', '030 901820 123'])(
    'are found where the area has a digit more or fewer, or the groups are of three: %s',
    (raw) => {
      for (const text of [`hat ${raw} als`, `hat 12, ${raw} als`, `hat 12b ${raw} als`, `hat 12 \t${raw} als`])
        expect(raws(text)).toEqual([raw])
    },
  )

  it.each([
    ['no zero in front', 'hat 30 90182055 als'],
    ['two zeros in front', 'hat 0030 90182055 als'],
    ['eight digits', 'hat 030 90182 als'],
    ['thirteen digits', 'hat 030 9018205512 als'],
    ['no groups', 'hat 03090182055 als'],
    ['a point as of a fraction', 'hat 030.90182055 als'],
    ['two kinds of marks', 'hat 030-9018 20.55 als'],
    ['two slashes', 'hat 030/9018/2055 als'],
    ['lone digits', 'hat 030 9018 2 0 55 als'],
    ['the tail of an amount', 'hat 12,034 567 890 als'],
    ['the tail of an amount that could be one', 'hat 12,030 017 993 als'],
    ['a column in front of it', 'hat 7\t030 90182055 als'],
    ['a column behind it', 'hat 030 90182055\t7 als'],
    ['a column with a sign behind it', 'hat 030 90182055\t-7 als'],
    ['a column of letters up to f behind it', 'hat 030 90182055\tfa als'],
    ['one slash more than a number has', 'hat 030/901820/55 als'],
    ['a longer row behind it', 'hat 030 90182055 12 als'],
    ['a longer row in front of it', 'hat 7 030 90182055 als'],
    ['a digest', 'hat 030-90182055-ab als'],
    ['a price', 'hat €030 90182055 als'],
    ['a coordinate', 'hat -030 90182055 als'],
    ['a percentage', 'hat 030 90182055% als'],
    ['a word that says order', 'order 030 90182055 als'],
    ['no area of any country', 'hat 03-7695-3121-48 als'],
    ['the form of a postal code', 'Boston, MA 02111-1307 als'],
    ['a hexadecimal group beside it', '1FD3; 1FD3; 0399 0308 0301; 0399 0308 0301; # GREEK SMALL LETTER'],
    ['hexadecimal numbers of its shape above', 'FD61 <initial> 0633 0645 062C\n<final> 0633 0645 0645 als'],
    ['the line of a code point', '3228  ; 0328.0020.0004 # PARENTHESIZED IDEOGRAPH THREE'],
  ])('are none with %s', (_what, text) => {
    expect(raws(text)).toEqual([])
  })

  it('are those that their neighbours are: most of a list has to be of the same country', () => {
    const list = (...others: string[]) => raws(['Anna,030 901820', ...others.map((other) => `Bob,${other}`)].join('\n'))
    expect(list('030 227732', '030 901855')).toEqual(['030 901820', '030 227732', '030 901855'])
    expect(list('530 227732', '530 901855')).toEqual([])
    expect(list('530 227732', '030 227732', '030 227733')).toEqual([])
    expect(raws('Anna,049 877 5967')).toEqual(['049 877 5967'])
    expect(raws('Anna,049 877 5967\nBob,347 877 5967\nCarol,347 877 5968')).not.toContain('049 877 5967')
  })

  it('are found between the columns of a table', () => {
    expect(raws('Anna   030 90182055   12345678')).toEqual(['030 90182055'])
    expect(raws('phone   12345678   23456789')).toEqual([])
    expect(raws('Anna   12345678   030 90182055')).toEqual(['030 90182055'])
  })
})

describe('numbers that a word calls telephone', () => {
  it.each([
    ['phone: 1234567', '1234567'],
    ['mobile 12345678', '12345678'],
    ['Call 555.0143 now, or 555 0143', '555.0143'],
    ['tel. 5550143', '5550143'],
    ['phone: (030) 901820', '(030) 901820'],
    ['phone: 123456789012345', '123456789012345'],
    ['"phone": 1234567', '1234567'],
    ['phone\t123456789', '123456789'],
    ['phone   030 1234', '030 1234'],
    ['phone   123-4567', '123-4567'],
    ['phone 2024-05-03 1234567', '1234567'],
    ['phone   and so on: 1234567', '1234567'],
    ['phone  (12345678)', '(12345678'],
    ['phone 02111-1307', '02111-1307'],
    ['call 555-0143 (2024 or so', '555-0143'],
  ])('are found: %s', (text, expected) => {
    expect(numbers(`${text}${tail}`)).toContainEqual({ raw: expected, score: 0.85 })
    expect(numbers(`${'x'.repeat(100)} ${text}`)).toContainEqual({ raw: expected, score: 0.85 })
  })

  it.each([
    ['a date', 'call on 2024-05-03'],
    ['a date of another order', 'call on 03.05.2024 at'],
    ['a date in slashes', 'call on 05/03/24 at'],
    ['years', 'call in 2019-2024 again'],
    ['an address of a machine', 'call 192.168.10.254 there'],
    ['a fraction', 'call 123456.7890 there'],
    ['six digits', 'call 123456 there'],
    ['a version in parentheses', 'this message is of 2005 (14.00)'],
    ['sixteen digits', 'phone: 1234567890123456'],
    ['lone digits', 'phone: 1 2 3 4 5 6 7 8'],
    ['few digits far from it', 'phone      1234567'],
    ['few digits far from it, other columns between', 'phone   12.5   -3%\t1234567'],
    ['few digits far from it, in quotation marks', '"phone"  1234567'],
    ['few digits in the next column', 'phone\t1234567'],
    ['a word between', 'phone or order 1234567'],
    ['a word on another line', 'phone\nGermany 1234567'],
    ['a word that is too far', `phone ${'is it not '.repeat(8)} 1234567`],
  ])('are none as %s', (_what, text) => {
    expect(raws(text)).toEqual([])
  })

  it('are recognized by the column that they stand in', () => {
    expect(raws('1234567', 'phone')).toEqual(['1234567'])
    expect(raws('1234567')).toEqual([])
    expect(raws('1234567', 'other')).toEqual([])
    expect(raws('1 234 567')).toEqual([])
    expect(raws('1 234 567', 'phone')).toEqual(['1 234 567'])
    expect(raws('1234567.0', 'phone')).toEqual(['1234567'])
    expect(raws('2025550143.0', 'phone')).toEqual(['2025550143'])
    expect(raws('1234567.5', 'phone')).toEqual([])
    expect(raws('order 1234567', 'phone')).toEqual([])
  })
})

it('only numbers that are wanted are looked at', () => {
  const text = '+49 30 901820, 202-555-0143, 030 90182055; +49 30 901820, 202-555-0143, 030 90182055'
  const half = text.indexOf(';')
  const starts = findPhones(text, { column: null, isWanted: (start) => start > half }).map(({ start }) => start)
  expect(starts.toSorted((one, other) => one - other)).toEqual([half + 2, half + 17, half + 31])
})
