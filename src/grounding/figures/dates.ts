import { fold } from '../words/tokens.ts'

/** Names of months, as people write them in English, German, French and Spanish. */
const months = new Map<string, number>(
  [
    'jan january januar janvier enero',
    'feb february februar fevrier febrero',
    'mar march marz maerz mars marzo',
    'apr april avril abril',
    'may mai mayo',
    'jun june juni juin junio',
    'jul july juli juillet julio',
    'aug august aout agosto',
    'sep sept september septembre septiembre',
    'oct october oktober octobre octubre',
    'nov november novembre noviembre',
    'dec december dezember decembre diciembre',
  ].flatMap((names, index) => names.split(' ').map((name): [string, number] => [name, index + 1])),
)

export interface DateSpan {
  readonly start: number
  readonly end: number
  /** Days since 1970, the first and the last that are meant. */
  readonly low: number
  readonly high: number
  readonly others: readonly { readonly low: number; readonly high: number }[]
  readonly yearless?: { readonly month: number; readonly day: number }
  readonly year?: boolean
}

const day = 86_400_000

export function dayOf(year: number, month: number, date: number): number | null {
  const at = new Date(Date.UTC(2000, month - 1, date))
  at.setUTCFullYear(year, month - 1, date)
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === date ? Math.round(at.getTime() / day) : null
}

function monthSpan(year: number, month: number, count = 1): { low: number; high: number } | null {
  const low = dayOf(year, month, 1)
  const next = dayOf(month + count > 12 ? year + 1 : year, ((month + count - 1) % 12) + 1, 1)
  return low === null || next === null ? null : { low, high: next - 1 }
}

export function monthOf(name: string): number | null {
  return months.get(name.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '').replace(/\.$/, '')) ?? null
}

interface Way {
  readonly pattern: RegExp
  readonly read: (parts: readonly string[]) => Read | null
}

const name = String.raw`(\p{L}{3,10})\.?`
const number = String.raw`(\d{1,2})(?:st|nd|rd|th|\.)?`
/** Without the stop, which ends the sentence where no year follows. */
const dayNumber = String.raw`(\d{1,2})(?:st|nd|rd|th)?(?!\d)`
const year = String.raw`(\d{4})`
/** What people write beside a day, and what says nothing more of it: the day of the week before it, a time behind it. */
const beside =
  /^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.? ?,? (?=\S)|[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$/gi
/** Ways to write a date, longest first: what is read by one is not read again by the next. */
const ways: readonly Way[] = [
  {
    pattern: /(?<![\d-])(\d{4}) ?[-/] ?(\d{2}) ?[-/] ?(\d{2})(?!\d)(?:[T ]00:00(?::00(?:\.0+)?)?Z?(?![\d:]))?/gu,
    read: ([y, m, d]) => oneDay(Number(y), Number(m), Number(d)),
  },
  { pattern: new RegExp(`${name} ${number} ?,? ${year}(?!\\d)`, 'giu'), read: ([m, d, y]) => named(m, d, y) },
  {
    pattern: new RegExp(`(?<!\\d)${number} (?:of |de )?${name},? (?:de )?${year}(?!\\d)`, 'giu'),
    read: ([d, m, y]) => named(m, d, y),
  },
  {
    pattern: /(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)/gu,
    read: ([d, m, y]) => oneDay(Number(y), Number(m), Number(d)),
  },
  {
    pattern: /(?<![\d/])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\d/])/gu,
    read: ([a, b, y]) => either(Number(a), Number(b), Number(y)),
  },
  {
    pattern: /\bQ([1-4])[ -]?(?:of )?(\d{4})(?!\d)/giu,
    read: ([q, y]) => spanOf(monthSpan(Number(y), Number(q) * 3 - 2, 3)),
  },
  { pattern: /(?<!\d)(\d{4})[ -]?Q([1-4])\b/giu, read: ([y, q]) => spanOf(monthSpan(Number(y), Number(q) * 3 - 2, 3)) },
  {
    pattern: new RegExp(`${name},? (?:of |de )?${year}(?!\\d)`, 'giu'),
    read: ([m, y]) => {
      const month = monthOf(m ?? '')
      return month === null ? null : spanOf(monthSpan(Number(y), month))
    },
  },
  {
    pattern: /(?<![\d-])(\d{4})-(\d{2})(?![\d-])/gu,
    read: ([y, m]) => (Number(m) > 12 || Number(m) < 1 ? null : spanOf(monthSpan(Number(y), Number(m)))),
  },
  { pattern: new RegExp(`\\b${name} ${dayNumber}(?![\\d.,]*\\d|\\s?%)`, 'giu'), read: ([m, d]) => withoutYear(m, d) },
  {
    pattern: new RegExp(`(?<![\\d.,])${number} (?:of )?${name}(?!\\p{L})`, 'giu'),
    read: ([d, m]) => withoutYear(m, d),
  },
]

const wholes = ways.map(({ pattern, read }) => ({
  whole: new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace('g', '')),
  isNamed: isNamed(pattern),
  read,
}))

/** Does a date of this way name its month? */
function isNamed(pattern: RegExp): boolean {
  return pattern.source.includes(name)
}

const namesOfMonths = new RegExp(`(?<![a-z])(?:${[...months.keys()].join('|')})(?![a-z])`)

/** May a month be named in a text? Most hold none, and need not be looked through for it. */
function mayNameMonth(text: string): boolean {
  return namesOfMonths.test(fold(text))
}

type Read = Pick<DateSpan, 'low' | 'high' | 'others' | 'yearless' | 'year'>

function spanOf(span: { low: number; high: number } | null): Read | null {
  return span === null ? null : { ...span, others: [] }
}

function oneDay(y: number, m: number, d: number): Read | null {
  const at = m < 1 || m > 12 ? null : dayOf(y, m, d)
  return at === null ? null : { low: at, high: at, others: [] }
}

/** 3/5/2004 is a day in March in one country and in May in another. */
function either(a: number, b: number, y: number): Read | null {
  const [first, second] = [oneDay(y, a, b), oneDay(y, b, a)]
  if (first === null || second === null) return first ?? second
  return first.low === second.low ? first : { ...first, others: [{ low: second.low, high: second.high }] }
}

function named(m: string | undefined, d: string | undefined, y: string | undefined): Read | null {
  const month = monthOf(m ?? '')
  return month === null ? null : oneDay(Number(y), month, Number(d))
}

function withoutYear(m: string | undefined, d: string | undefined): Read | null {
  const month = monthOf(m ?? '')
  const date = Number(d)
  if (month === null || date < 1 || date > 31 || /^(?:may|mar|mars|mai)$/.test(m ?? '')) return null
  return { low: Number.NaN, high: Number.NaN, others: [], yearless: { month, day: date } }
}

/** The dates that a text holds, without years that stand alone. */
export function readDates(text: string): readonly DateSpan[] {
  const found: DateSpan[] = []
  const taken = new Uint8Array(text.length)
  const some = mayNameMonth(text) ? ways : ways.filter(({ pattern }) => !isNamed(pattern))
  for (const { pattern, read } of some) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length]
      if (taken.subarray(start, end).includes(1)) continue
      const span = read(match.slice(1))
      if (span === null) continue
      found.push({ start, end, ...span })
      taken.fill(1, start, end)
    }
  }
  return found
}

/** Which of two small numbers before a year is the month: 10/1/2014 is in October, or in January. */
export type DayOrder = 'month-first' | 'day-first'

const twoSmall = /^\s*(\d{1,2})\/(\d{1,2})\/\d{4}\b/

/** What one cell says of the order of its column: 10/13/2014 can only be in October. Null for most. */
export function orderOfCell(text: string): DayOrder | null {
  const [, first, second] = text.includes('/') ? (twoSmall.exec(text) ?? []) : []
  if (Number(second) > 12) return Number(first) > 12 ? null : 'month-first'
  return Number(first) > 12 ? 'day-first' : null
}

/**
 * The span of days of a cell that is a date and nothing besides; null for any other, and for one that is a day in either
 * order where `order` says none.
 */
export function dateOfCell(
  text: string,
  order: DayOrder | null = null,
): { readonly low: number; readonly high: number } | null {
  if (text.length > 40 || !/\d/.test(text)) return null
  const clean = text.trim().replaceAll(/\s+/g, ' ').replaceAll(beside, '')
  const named = mayNameMonth(clean)
  for (const { whole, isNamed, read } of wholes) {
    if (isNamed && !named) continue
    const match = whole.exec(clean)
    const span = match === null ? null : read(match.slice(1))
    if (span === null || span.yearless !== undefined) continue
    if (span.others.length === 0) return { low: span.low, high: span.high }
    const [other] = span.others
    if (order !== null && other !== undefined)
      return order === 'month-first' ? { low: span.low, high: span.high } : other
  }
  return null
}

interface YearSpan {
  readonly low: number
  readonly high: number
}

const yearSpans = new Map<number, YearSpan>()

/** Each year's is made once: they are asked for row by row. */
export function yearSpan(value: number): YearSpan {
  const known = yearSpans.get(value)
  if (known !== undefined) return known
  const span = { low: dayOf(value, 1, 1) ?? Number.NaN, high: dayOf(value, 12, 31) ?? Number.NaN }
  if (yearSpans.size < mostYears) yearSpans.set(value, span)
  return span
}

const mostYears = 1_000

export function yearAndDay(at: number): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(at * day)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}
