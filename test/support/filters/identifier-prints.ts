import type { Random } from '../random.ts'
import { digits, integer, list, oneOf } from './random-values.ts'

// Identifiers, codes and amounts as people and programs write them; none is anybody's.
// Each shape is a function of a random source.

const capitals = (random: Random, count: number) =>
  list(count, () => String.fromCharCode(integer(random, 65, 90))).join('')
const breaks = ['\n', ', ', ' '] as const

/** With the check digit that weights of 1 and 3 from the right make: EAN, UPC, GTIN, ISBN-13. */
function withEanCheck(body: string): string {
  let sum = 0
  for (const [index, digit] of body.split('').reverse().entries()) sum += Number(digit) * (index % 2 === 0 ? 3 : 1)
  return `${body}${(10 - (sum % 10)) % 10}`
}

function column(random: Random, make: () => string): string {
  const rows = list(integer(random, 2, 15), make)
  const style = integer(random, 0, 3)
  if (style === 0) return rows.map((row, at) => `${`${at}`.padEnd(5)}${row}`).join('\n')
  if (style === 1) return rows.map((row, at) => `${at},${row},${integer(random, 1, 99)}`).join('\n')
  return rows.join(oneOf(random, breaks))
}

/** Every shape by name; each is asked for many times with another seed. */
export const identifierPrints: Readonly<Record<string, (random: Random) => string>> = {
  'identifiers with zeros in front': (random) => {
    const width = integer(random, 6, 14)
    return column(random, () => digits(random, integer(random, 1, width - 2)).padStart(width, '0'))
  },
  'grouped identifiers that begin with a zero': (random) => {
    const mark = oneOf(random, ['-', '/', '.', ' '])
    const groups = oneOf(random, [
      [3, 7],
      [3, 6],
      [4, 6],
      [4, 7],
      [5, 5],
      [3, 3, 4],
      [3, 4, 4],
      [2, 4, 4],
      [2, 8],
    ])
    return column(random, () => groups.map((size, at) => (at === 0 ? `0${digits(random, size - 1)}` : digits(random, size))).join(mark))
  },
  'grouped identifiers': (random) => {
    const groups = list(integer(random, 2, 5), () => integer(random, 2, 6))
    const mark = oneOf(random, ['-', '/', '.'])
    return column(random, () => groups.map((size) => digits(random, size)).join(mark))
  },
  'two or three identifiers of sixteen digits': (random) =>
    list(integer(random, 2, 3), (at) => `${at}  ${integer(random, 1, 9)}${digits(random, 15)}`).join('\n'),
  'counted identifiers of sixteen digits': (random) => {
    const head = `${integer(random, 1, 9)}${digits(random, 9)}`
    const from = integer(random, 100_000, 900_000)
    return list(integer(random, 2, 12), (at) => `${head}${from + at}`).join(oneOf(random, breaks))
  },
  snowflakes: (random) => column(random, () => `1${digits(random, integer(random, 16, 18))}`),
  'order numbers': (random) =>
    list(integer(random, 1, 8), () => `order ${digits(random, 3)}-${digits(random, 7)}-${digits(random, 7)}`).join('\n'),
  'invoice numbers': (random) =>
    column(random, () => `${oneOf(random, ['INV', 'RE', 'R', 'PO'])}-${integer(random, 2015, 2026)}-${digits(random, 5)}`),
  'stock keeping units': (random) =>
    column(random, () => `${capitals(random, 3)}-${digits(random, 4)}-${capitals(random, 2)}-${digits(random, 2)}`),
  'EAN and GTIN': (random) => column(random, () => withEanCheck(digits(random, oneOf(random, [7, 11, 12, 13])))),
  'ISBN-13': (random) =>
    column(random, () => {
      const [group, publisher] = [digits(random, 1), digits(random, 4)]
      const whole = withEanCheck(`978${group}${publisher}${digits(random, 4)}`)
      return `${whole.slice(0, 3)}-${group}-${publisher}-${whole.slice(8, 12)}-${whole.slice(12)}`
    }),
  'ISBN-10': (random) => column(random, () => `${digits(random, 1)}-${digits(random, 3)}-${digits(random, 5)}-${oneOf(random, ['X', digits(random, 1)])}`),
  'part numbers like telephone numbers': (random) =>
    column(random, () => `${capitals(random, 2)}${digits(random, 3)}-${digits(random, 3)}-${digits(random, 4)}`),
  'CAS numbers': (random) => column(random, () => `${integer(random, 50, 99_999)}-${digits(random, 2)}-${digits(random, 1)}`),
  'case numbers': (random) => column(random, () => `${integer(random, 1, 99)}/${integer(random, 1000, 99_999)}/${integer(random, 2000, 2026)}`),
  'product codes': (random) => column(random, () => `${capitals(random, 1)}${digits(random, integer(random, 5, 12))}`),
  'account numbers by name': (random) =>
    ['id,account_id,total', ...list(6, (at) => `${at},${digits(random, 12)},${integer(random, 1, 9_999)}`)].join('\n'),
  'MAC addresses': (random) =>
    column(random, () => list(6, () => integer(random, 0, 255).toString(16).padStart(2, '0')).join(oneOf(random, [':', '-']))),
  'IPv6 addresses': (random) =>
    column(random, () => list(8, () => integer(random, 0, 65_535).toString(16)).join(':')),
  'IPv4 with ports': (random) =>
    column(random, () => `${list(4, () => `${integer(random, 0, 255)}`).join('.')}:${integer(random, 1, 65_535)}`),
  'memory addresses': (random) => column(random, () => `<object at 0x7f${list(10, () => integer(random, 0, 15).toString(16)).join('')}>`),
  versions: (random) =>
    column(random, () => list(integer(random, 2, 4), () => `${integer(random, 0, 300)}`).join('.') + oneOf(random, ['', '-rc1', '.post2', `+${digits(random, 8)}`])),
  'hexadecimal pairs': (random) =>
    list(integer(random, 1, 6), () => list(integer(random, 5, 16), () => integer(random, 0, 255).toString(16).padStart(2, '0')).join(' ')).join('\n'),
  'five decimal pairs': (random) =>
    list(integer(random, 1, 6), () => list(5, () => digits(random, 2)).join(oneOf(random, [' ', ':', '-']))).join('\n'),
  'prices': (random) =>
    column(random, () => `${oneOf(random, ['$', '€', '£', ''])}${integer(random, 1, 999_999).toLocaleString(oneOf(random, ['en', 'de', 'fr']))}${oneOf(random, ['.', ','])}${digits(random, 2)}`),
  'amounts of any country': (random) => {
    const tongue = oneOf(random, ['en', 'de', 'fr', 'de-CH', 'en-IN'])
    return column(random, () => (random() * 10 ** integer(random, 3, 13)).toLocaleString(tongue, { maximumFractionDigits: integer(random, 0, 3) }))
  },
  'ranges of numbers': (random) =>
    column(random, () => {
      const from = integer(random, 0, 99_999)
      return `${from}${oneOf(random, ['-', ' - ', '\u2013', '..'])}${from + integer(random, 1, 9_999)}`
    }),
  'coordinates in degrees': (random) =>
    column(random, () => `${integer(random, 0, 89)}\u00b0${integer(random, 10, 59)}'${integer(random, 10, 59)}.${digits(random, 2)}"N ${integer(random, 0, 179)}\u00b0${integer(random, 10, 59)}'${digits(random, 2)}"E`),
  'points of a grid': (random) => column(random, () => `${digits(random, 6)} ${digits(random, 7)}`),
  'postal codes': (random) => column(random, () => `${digits(random, 5)}-${digits(random, 4)}`),
  'dates and times': (random) =>
    column(random, () => {
      const [date, time] = new Date(1.2e12 + random() * 6e11).toISOString().slice(0, 19).split('T')
      return oneOf(random, [`${date} ${time}`, `${date}T${time}Z`, `${date}`, `${date} ${time}.${digits(random, 6)}`, `${date} ${time}+00:00`])
    }),
  'compact dates and times': (random) =>
    column(random, () => {
      const stamp = new Date(1.2e12 + random() * 6e11).toISOString().replace(/\D/g, '')
      return oneOf(random, [stamp.slice(0, 8), `${stamp.slice(0, 8)}_${stamp.slice(8, 14)}`, stamp.slice(0, 14), `${stamp.slice(0, 8)}-${stamp.slice(8, 14)}`, stamp])
    }),
  'epoch in any unit': (random) =>
    column(random, () => `${integer(random, 1_000_000_000, 1_900_000_000)}${oneOf(random, ['', digits(random, 3), digits(random, 6), digits(random, 9), `.${digits(random, 6)}`])}`),
  'token identifiers': (random) => `[${list(integer(random, 8, 80), () => `${integer(random, 0, 128_000)}`).join(', ')}]`,
  'git hashes': (random) => column(random, () => list(oneOf(random, [7, 8, 40]), () => oneOf(random, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'c', 'e', 'f'])).join('')),
  'hashes of digits alone': (random) => column(random, () => digits(random, oneOf(random, [7, 8, 12]))),
  'UUIDs by rows': (random) => column(random, () => [8, 4, 4, 4, 12].map((size) => list(size, () => integer(random, 0, 15).toString(16)).join('')).join('-')),
} // prettier-ignore
