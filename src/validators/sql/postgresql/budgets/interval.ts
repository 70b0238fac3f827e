import { asList, asNode, isStruct, unwrap } from '../../syntax-tree.ts'
import { constantNumber, constantText } from './constants.ts'

const day = 86_400_000

/** Milliseconds of a unit, by every name that PostgreSQL has for it; a month has the fewest days that a month can have. */
const units = new Map<string, number>([
  ...named(0.001, 'us usec usecs usecond useconds microsecon microsecond microseconds'),
  ...named(1, 'ms msec msecs msecond mseconds millisecon millisecond milliseconds'),
  ...named(1_000, 's sec secs second seconds'),
  ...named(60_000, 'm min mins minute minutes'),
  ...named(3_600_000, 'h hr hrs hour hours'),
  ...named(day, 'd day days'),
  ...named(7 * day, 'w week weeks'),
  ...named(28 * day, 'mon mons month months'),
  ...named(365 * day, 'y yr yrs year years'),
  ...named(3_650 * day, 'dec decs decade decades'),
  ...named(36_500 * day, 'c cent century centuries'),
  ...named(365_000 * day, 'mil mils millennia millennium'),
])

const bareNumber = /^[+-]?\d+(?:\.\d+)?$/
const amount = /\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-z]+)/y
const clock = /\s*[+-]?(\d+):(\d+)(?::(\d+(?:\.\d+)?))?/y
const iso = /^p(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)w)?(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?)?$/
const isoMilliseconds = [365 * day, 28 * day, 7 * day, day, 3_600_000, 60_000, 1_000]

/** PostgreSQL's bits for the one unit after `interval '1'`. */
const unitsByBit = new Map([
  [1 << 1, 'month'],
  [1 << 2, 'year'],
  [1 << 3, 'day'],
  [1 << 10, 'hour'],
  [1 << 11, 'minute'],
  [1 << 12, 'second'],
])

/** The text of a constant interval, with the unit that stands behind it; null where it is no constant text. */
export function intervalText(expression: unknown): string | null {
  const text = constantText(expression)
  const type = asNode(expression, 'TypeCast')?.['typeName']
  const [bits] = isStruct(type) ? asList(type['typmods']) : []
  const unit = unwrap(bits) === null ? undefined : unitsByBit.get(constantNumber(bits) ?? 0)
  return text === null || unit === undefined || !bareNumber.test(text.trim()) ? text : `${text} ${unit}`
}

/** The least that an interval can be, in milliseconds and without its sign; null where the text does not say. */
export function intervalMilliseconds(text: string): number | null {
  const written = text
    .trim()
    .toLowerCase()
    .replace(/^@\s*/, '')
    .replace(/\s+ago$/, '')
  if (bareNumber.test(written)) return Math.abs(Number(written)) * 1_000
  const standard = iso.exec(written)
  if (standard !== null) {
    const parts = standard.slice(1).map((part, index) => Number(part ?? 0) * (isoMilliseconds[index] ?? 0))
    return parts.reduce((sum, part) => sum + part, 0)
  }
  let [total, end] = [0, 0]
  while (end < written.length) {
    const part = partAt(written, end)
    if (part === null) return null
    total += part.milliseconds
    end = part.end
  }
  return end === 0 ? null : Math.abs(total)
}

function partAt(text: string, start: number): { readonly milliseconds: number; readonly end: number } | null {
  clock.lastIndex = start
  const time = clock.exec(text)
  if (time !== null) {
    const [, hours, minutes, seconds = 0] = time
    const milliseconds = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000
    return { milliseconds, end: clock.lastIndex }
  }
  amount.lastIndex = start
  const match = amount.exec(text)
  const unit = units.get(match?.[2] ?? '')
  return match === null || unit === undefined ? null : { milliseconds: Number(match[1]) * unit, end: amount.lastIndex }
}

function named(milliseconds: number, names: string): [string, number][] {
  return names.split(' ').map((name) => [name, milliseconds])
}
