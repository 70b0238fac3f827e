import { valueText } from './visible-text.ts'

/** How a column is compared: numbers by their value, whatever they are written as; anything else as text. */
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
 * The rows in the order of one column, as their places: a million of them take 4 MB. Equal ones keep their order, and
 * nothing comes last, whichever way it is sorted.
 * @param values of the column, row by row
 */
export function orderBy(values: readonly unknown[], kind: string, descending: boolean): Uint32Array {
  const order = Uint32Array.from(values, (_, index) => index)
  const sign = descending ? -1 : 1
  // Said out for each: a function between the two costs a second at a million rows.
  if (isNumeric(kind)) {
    const keys = Float64Array.from(values, numberOf)
    return order.sort((a, b) => {
      const [one, other] = [keys[a] as number, keys[b] as number]
      if (one === other) return a - b
      if (one < other) return -sign
      if (one > other) return sign
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other)) || a - b
    })
  }
  const keys = values.map((value) => (value === null || value === undefined ? null : valueText(value)))
  return order.sort((a, b) => compareTexts(keys[a] ?? null, keys[b] ?? null, sign) || a - b)
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN
}

function compareTexts(a: string | null, b: string | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return sign * collator.compare(a, b)
}
