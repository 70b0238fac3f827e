import { charactersOf, choose, spaced, writtenLike, type SurrogateRange } from './range.ts'

interface Brand {
  readonly prefix: RegExp
  readonly numbers: readonly string[]
}

/** Numbers with which payments are tried out: nobody's card has one. Each passes Luhn's check. */
const brands: readonly Brand[] = [
  {
    prefix: /^4/,
    numbers: [
      '4111111111111111', '4242424242424242', '4012888888881881', '4000056655665556', '4009348888881881',
      '4012000033330026', '4012000077777777', '4217651111111119', '4500600000000061', '4000111111111115',
      '4000000760000002', '4000001240000000', '4000000400000008', '4000000560000004', '4000002030000002',
      '4000002080000001', '4000002460000001', '4000002500000003', '4000002760000016', '4000003000000030',
      '4000003720000005', '4000003800000008', '4000005280000002', '4000005780000007', '4000006160000005',
      '4000006200000007', '4000007240000007', '4000007520000008', '4000007560000009', '4000008260000000',
      '4222222222222',
    ],
  },
  {
    prefix: /^(?:5[1-5]|2[2-7])/,
    numbers: [
      '5555555555554444', '5105105105105100', '5200828282828210', '2223003122003222', '5424000000000015',
      '2223000048400011', '5577000055770004', '5136333333333335', '5585558555855583', '5555341244441115',
      '2222400070000005', '2222410740360010', '2222410700000002', '2222400010000008', '2222400060000007',
      '2222400030000004', '5100290029002909',
    ],
  },
  { prefix: /^3[47]/, numbers: ['378282246310005', '371449635398431', '378734493671000', '370000000000002'] },
  { prefix: /^6(?:011|4[4-9]|5)/, numbers: ['6011111111111117', '6011000990139424', '6011981111111113', '6011000991300009'] },
  { prefix: /^3[0689]/, numbers: ['3056930009020004', '36227206271667', '30569309025904', '38520000023237'] },
  { prefix: /^35/, numbers: ['3566002020360505', '3530111333300000'] },
  { prefix: /^62/, numbers: ['6200000000000005', '6200000000000047', '6205500000000000004'] },
] // prettier-ignore

export const cards: SurrogateRange = {
  category: 'pii/card',
  source: 'numbers for tests that Stripe, PayPal, Adyen, Braintree and Authorize.net list',
  shape: 'digits',
  joins: '-',
  form: new RegExp(brands.flatMap(({ numbers }) => numbers.map(spaced)).join('|'), 'g'),
  formats: [],
  samples: ['4111111111111111', '4111 1111 1111 1111', '4111-1111-1111-1111'],
  forValue: (value) => {
    const digits = charactersOf(value)
    const brand = brands.find(({ prefix }) => prefix.test(digits))
    const numbers = brand?.numbers.filter(({ length }) => length === digits.length) ?? []
    if (numbers.length === 0) return null
    return { size: numbers.length, at: (index) => writtenLike(value, choose(numbers, index)[0]) ?? value }
  },
}
