import type { Column } from '../tables/column.ts'

/** The numbers of a column in some rows, with the rows that have one. */
export interface Picked {
  readonly rows: readonly number[]
  readonly numbers: readonly number[]
}

export function pick(column: Column, rows: readonly number[] | null, rowCount: number): Picked {
  const kept: number[] = []
  const numbers: number[] = []
  const take = (row: number): void => {
    const value = column.numbers[row]
    if (value === undefined || Number.isNaN(value)) return
    kept.push(row)
    numbers.push(value)
  }
  if (rows === null) for (let row = 0; row < rowCount; row += 1) take(row)
  else rows.forEach(take)
  return { rows: kept, numbers }
}

export function sumOf(numbers: readonly number[]): number {
  let sum = 0
  for (const value of numbers) sum += value
  return sum
}

export function meanOf(numbers: readonly number[]): number {
  return sumOf(numbers) / numbers.length
}

export function medianOf(numbers: readonly number[]): number {
  const sorted = Float64Array.from(numbers).sort()
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** Of a sample (`spare` 1) or of a population (0). */
export function deviationOf(numbers: readonly number[], spare: 0 | 1): number {
  const mean = meanOf(numbers)
  let squares = 0
  for (const value of numbers) squares += (value - mean) ** 2
  return Math.sqrt(squares / (numbers.length - spare))
}

export function extreme(numbers: readonly number[], sign: 1 | -1): number {
  let best = Number.NaN
  for (const value of numbers) if (Number.isNaN(best) || (value - best) * sign > 0) best = value
  return best
}

/** Values of a sorted list that lie between two, both counted. */
export function countBetween(sorted: Float64Array, low: number, high: number): number {
  return firstAbove(sorted, high, true) - firstAbove(sorted, low, false)
}

/** Where a sorted list first has more than a value, or as much. */
function firstAbove(sorted: Float64Array, value: number, strictly: boolean): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    const here = sorted[middle] ?? 0
    if (strictly ? here > value : here >= value) to = middle
    else from = middle + 1
  }
  return from
}

/** The place of a value among others, 1 for the largest (`sign` 1) or the smallest; equal ones share a place. */
export function placeOf(sorted: Float64Array, value: number, sign: 1 | -1): number {
  return sign === 1 ? sorted.length - firstAbove(sorted, value, true) + 1 : firstAbove(sorted, value, false) + 1
}
