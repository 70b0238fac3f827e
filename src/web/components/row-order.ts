import { valueText } from './visible-text.ts'

/** How a table is sorted: by the place of a column among all. */
export interface Sorting {
  readonly column: number
  readonly descending: boolean
}

const numeric =
  /^(?:number|integer|int\d*|bigint|smallint|hugeint|float\d*|double precision|double|real|decimal|numeric)\b/i

/** Whether the values of a column are numbers, by the name that the source gives its type. */
export const isNumeric = (kind: string): boolean => numeric.test(kind)

const collator = new Intl.Collator('en', { numeric: true })

/**
 * The rows in the order of one column, as their places: a million of them take 4 MB. Numbers go by their value, whatever they are
 * written as, anything else by its text. Equal ones keep their order, and nothing comes last, whichever way it is sorted.
 * @param values of the column, row by row
 */
export function orderBy(values: readonly unknown[], kind: string, descending: boolean): Uint32Array {
  const keys = isNumeric(kind) ? Float64Array.from(values, numberOf) : ranksOf(values)
  return orderOf(keys, descending)
}

/** Texts that differ which are compared as people read them: a fifth of a second at half of that. More go by their characters. */
const mostCollated = 100_000

const byUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** NaN for what is no number. */
function numberOf(value: unknown): number {
  // Zero is added since the bits of -0 are others.
  if (typeof value === 'number') return value + 0
  return typeof value === 'string' && value.trim() !== '' ? Number(value) + 0 : NaN
}

/** For each text its place among those that differ, which are compared once each. */
function ranksOf(values: readonly unknown[]): Float64Array {
  const texts = values.map((value) => (value === null || value === undefined ? null : valueText(value)))
  const ranks = new Map<string | null, number>()
  const distinct = [...new Set(texts)].filter((text) => text !== null)
  const compare = distinct.length > mostCollated ? byUnits : collator.compare
  let [rank, before] = [0, '']
  for (const text of distinct.sort(compare)) {
    if (compare(before, text) !== 0) rank += 1
    ranks.set(text, rank)
    before = text
  }
  return Float64Array.from(texts, (text) => ranks.get(text) ?? NaN)
}

/** Values of one digit of a key: 16 bits. */
const radix = 0x10000

/**
 * Sorts by one digit of the keys after the other, the least first, each pass stable: at a million rows a tenth of the time that
 * comparing two by two takes.
 */
function orderOf(keys: Float64Array, descending: boolean): Uint32Array {
  const digits = digitsOf(keys, descending)
  let order = Uint32Array.from(keys, (_, index) => index)
  let next = new Uint32Array(keys.length)
  for (let digit = 0; digit < 4; digit += 1) {
    const places = new Uint32Array(radix + 1)
    for (let index = 0; index < keys.length; index += 1) {
      const at = (digits[index * 4 + digit] ?? 0) + 1
      places[at] = (places[at] ?? 0) + 1
    }
    for (let value = 0; value < radix; value += 1) places[value + 1] = (places[value + 1] ?? 0) + (places[value] ?? 0)
    for (const index of order) {
      const value = digits[index * 4 + digit] ?? 0
      const place = places[value] ?? 0
      next[place] = index
      places[value] = place + 1
    }
    ;[order, next] = [next, order]
  }
  return order
}

/** The keys as whole numbers of four digits, the least first, in the same order as the keys; what is missing is the greatest. */
function digitsOf(keys: Float64Array, descending: boolean): Uint16Array {
  const digits = new Uint16Array(keys.length * 4)
  const view = new DataView(keys.buffer, keys.byteOffset, keys.byteLength)
  for (let index = 0; index < keys.length; index += 1) {
    const isMissing = Number.isNaN(keys[index])
    const isNegative = view.getInt16(index * 8 + 6, true) < 0
    for (let digit = 0; digit < 4; digit += 1) {
      // Of a negative number greater bits are a smaller value; of the others the sign's own bit is 0.
      const bits = view.getUint16(index * 8 + digit * 2, true) ^ (isNegative ? 0xffff : digit === 3 ? 0x8000 : 0)
      digits[index * 4 + digit] = isMissing ? 0xffff : descending ? bits ^ 0xffff : bits
    }
  }
  return digits
}
