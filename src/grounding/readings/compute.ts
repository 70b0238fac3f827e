import type { Column } from '../tables/column.ts'

type Compute = (numbers: Float64Array) => number

/** The numbers of a column in some rows, with the rows that have one; what is computed of them is computed once. */
export class Picked {
  readonly numbers: Float64Array
  readonly #rows: () => readonly number[]
  readonly #computed = new Map<Compute, number>()
  #kept: readonly number[] | undefined

  constructor(numbers: Float64Array, rows: () => readonly number[]) {
    this.numbers = numbers
    this.#rows = rows
  }

  get rows(): readonly number[] {
    this.#kept ??= this.#rows()
    return this.#kept
  }

  /** What a function, always the same one for the same thing, makes of the numbers. */
  compute(of: Compute): number {
    const known = this.#computed.get(of)
    if (known !== undefined) return known
    const value = of(this.numbers)
    this.#computed.set(of, value)
    return value
  }
}

interface PickedOf {
  all: Picked | undefined
  /** By the list of rows itself, for as long as it lives. */
  readonly some: WeakMap<readonly number[], Picked>
}

const pickedOf = new WeakMap<Column, PickedOf>()

/** Fewer rows are picked again as quickly as they are looked up. */
const fewRows = 16

export function pick(column: Column, rows: readonly number[] | null, rowCount: number): Picked {
  if (rows !== null && rows.length < fewRows) return pickedFrom(column, rows)
  let known = pickedOf.get(column)
  if (known === undefined) pickedOf.set(column, (known = { all: undefined, some: new WeakMap() }))
  if (rows === null) return (known.all ??= everyOne(column, rowCount))
  let some = known.some.get(rows)
  if (some === undefined) known.some.set(rows, (some = pickedFrom(column, rows)))
  return some
}

function pickedFrom(column: Column, rows: readonly number[]): Picked {
  const { numbers } = column
  const found = new Float64Array(rows.length)
  let count = 0
  for (const row of rows) {
    const value = numbers[row]
    if (value === undefined || Number.isNaN(value)) continue
    found[count] = value
    count += 1
  }
  if (count === rows.length) return new Picked(found, () => rows)
  return new Picked(found.subarray(0, count), () => rows.filter((row) => hasNumber(numbers, row)))
}

function everyOne({ numbers, filled }: Column, rowCount: number): Picked {
  return new Picked(filled, () => {
    const rows: number[] = []
    for (let row = 0; row < rowCount; row += 1) if (hasNumber(numbers, row)) rows.push(row)
    return rows
  })
}

function hasNumber(numbers: Float64Array, row: number): boolean {
  const value = numbers[row]
  return value !== undefined && !Number.isNaN(value)
}

export function sumOf(numbers: Float64Array): number {
  let sum = 0
  for (const value of numbers) sum += value
  return sum
}

export function meanOf(numbers: Float64Array): number {
  return sumOf(numbers) / numbers.length
}

export function medianOf(numbers: Float64Array): number {
  const sorted = numbers.toSorted()
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** The value below which a part (0 to 1) of the numbers lies, between two of them by their distance, as most programs compute it. */
export function quantileOf(numbers: Float64Array, part: number): number {
  const sorted = numbers.toSorted()
  const place = (sorted.length - 1) * part
  const low = sorted[Math.floor(place)] ?? Number.NaN
  return low + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? low) - low)
}

/** Pearson's, of pairs in which both have a number. */
export function correlationOf(left: Float64Array, right: Float64Array, rows: readonly number[] | null): number {
  let [count, sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0, 0]
  const meanX = meanOfAll(left)
  const meanY = meanOfAll(right)
  const take = (row: number): void => {
    const [x, y] = [(left[row] ?? Number.NaN) - meanX, (right[row] ?? Number.NaN) - meanY]
    if (Number.isNaN(x + y)) return
    count += 1
    sumX += x
    sumY += y
    sumXX += x * x
    sumYY += y * y
    sumXY += x * y
  }
  if (rows === null) for (let row = 0; row < left.length; row += 1) take(row)
  else rows.forEach(take)
  return (count * sumXY - sumX * sumY) / Math.sqrt((count * sumXX - sumX * sumX) * (count * sumYY - sumY * sumY))
}

function meanOfAll(numbers: Float64Array): number {
  let [sum, count] = [0, 0]
  for (const value of numbers) {
    if (Number.isNaN(value)) continue
    sum += value
    count += 1
  }
  return sum / Math.max(1, count)
}

/** Of a sample (`spare` 1) or of a population (0). */
export function deviationOf(numbers: Float64Array, spare: 0 | 1): number {
  const mean = meanOf(numbers)
  let squares = 0
  for (const value of numbers) squares += (value - mean) ** 2
  return Math.sqrt(squares / (numbers.length - spare))
}

export function extreme(numbers: Float64Array, sign: 1 | -1): number {
  let best = Number.NaN
  for (const value of numbers) if (Number.isNaN(best) || (value - best) * sign > 0) best = value
  return best
}

export const highest = (numbers: Float64Array): number => extreme(numbers, 1)
export const lowest = (numbers: Float64Array): number => extreme(numbers, -1)

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
