import type { Column } from '../tables/column.ts'

/** Every row of a table with so many. */
export const rowsOf = (count: number): readonly number[] => Array.from({ length: count }, (_, row) => row)

/** Rows of longer tables are not put in order for a sentence. */
export const mostRanked = 5_000

const rankedRows = new WeakMap<Column, Map<1 | -1, readonly number[]>>()

/** Rows with a number, the highest first (`sign` 1) or the lowest; kept, since several figures of an answer ask for them. */
export function ranked(column: Column, rowCount: number, sign: 1 | -1): readonly number[] {
  let known = rankedRows.get(column)
  if (known === undefined) rankedRows.set(column, (known = new Map()))
  let rows = known.get(sign)
  if (rows === undefined) {
    rows = rowsOf(rowCount)
      .filter((row) => !Number.isNaN(column.numbers[row] ?? Number.NaN))
      .toSorted((left, right) => sign * ((column.numbers[right] ?? 0) - (column.numbers[left] ?? 0)))
    known.set(sign, rows)
  }
  return rows
}
