import { fits, times, type Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import { countBetween } from './compute.ts'

/** Draws of rows by which the chance of a sum or a mean is estimated. */
const draws = 200

/** How often a cell of a column is what a figure says, times `factor`. */
export function chanceOfCell(figure: Figure, column: Column, factor: number): number {
  const { sorted } = column
  if (sorted.length === 0) return 0
  const scaled = times(figure, 1 / factor)
  const spans = [scaled, ...scaled.others]
  const slack = 1e-9 * Math.max(1, Math.abs(scaled.high))
  const hits = spans.reduce((sum, { low, high }) => sum + countBetween(sorted, low - slack, high + slack), 0)
  return Math.min(1, hits / sorted.length)
}

/** Rows that are drawn: how many, what is computed of them, and as what a figure says that. */
interface Draw {
  readonly size: number
  readonly of: (numbers: Float64Array) => number
  readonly as: (value: number) => number
}

/** How often rows taken by chance give what a figure says. The draws are the same each time. */
export function chanceOfRows(figure: Figure, column: Column, { size, of, as }: Draw): number {
  const { length } = column.filled
  if (length === 0 || size >= length) return chanceOfForm(figure)
  const drawn = drawnFrom(column, size, of)
  let hits = 0
  for (const value of drawn) if (fits(figure, as(value))) hits += 1
  return hits / drawn.length
}

const drawnOf = new WeakMap<Column, Map<Draw['of'], Map<number, Float64Array>>>()

/** What is computed of each draw. It is kept: figures of one answer are often about as many rows of one column. */
function drawnFrom(column: Column, size: number, of: Draw['of']): Float64Array {
  let byFunction = drawnOf.get(column)
  if (byFunction === undefined) drawnOf.set(column, (byFunction = new Map()))
  let bySize = byFunction.get(of)
  if (bySize === undefined) byFunction.set(of, (bySize = new Map()))
  let drawn = bySize.get(size)
  if (drawn === undefined) bySize.set(size, (drawn = draw(column.sorted, size, of)))
  return drawn
}

function draw(sorted: Float64Array, size: number, of: Draw['of']): Float64Array {
  let state = 0x9e3779b9 ^ size
  const drawn = new Float64Array(Math.max(20, Math.min(draws, Math.floor(20_000 / size))))
  const numbers = new Float64Array(Math.min(size, 1_000))
  for (let round = 0; round < drawn.length; round += 1) {
    for (let at = 0; at < numbers.length; at += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      numbers[at] = sorted[Math.floor((state / 2 ** 32) * sorted.length)] ?? 0
    }
    drawn[round] = of(numbers)
  }
  return drawn
}

/** How often a figure written with as many digits would be just this one, if its digits were any. */
export function chanceOfForm(figure: Figure): number {
  const width = figure.high - figure.low
  const size = Math.max(Math.abs(figure.low), Math.abs(figure.high))
  if (size === 0) return 0.1
  if (width === 0) return Math.min(0.5, 1 / size)
  return Math.min(1, Math.log10((size + width) / size) + width / size / 9)
}

/** That at least one of several trials finds something by chance. */
export function anyOf(chances: readonly number[]): number {
  return 1 - chances.reduce((none, chance) => none * (1 - Math.min(1, Math.max(0, chance))), 1)
}
