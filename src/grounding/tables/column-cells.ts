import type { JsonValue } from '../../core/json.ts'
import { dateOfCell, orderOfCell, type DayOrder } from '../figures/dates.ts'
import type { Steps } from '../steps.ts'
import { numberOfCell } from './cell-number.ts'

export type ColumnKind = 'number' | 'date' | 'text'

/** What the cells of a column are. */
export interface ColumnCells {
  readonly kind: ColumnKind
  /** The numbers by their rows; days since 1970 for dates; NaN where a cell has none. Empty for texts. */
  readonly numbers: Float64Array
  /** For dates, the last day that a cell means; the same as `numbers` for others. */
  readonly ends: Float64Array
  /** The first unit that stands beside a number. */
  readonly unit: string | null
}

/** Rows that are read in one step: columns that are read in turns find their rows near one another in memory. */
const rowsAtOnce = 1024
const none = new Float64Array(0)

type Rows = readonly (readonly JsonValue[])[]

/** Reads the cells of a column: they are numbers or dates where most are. */
export function* readColumn(rows: Rows, index: number): Steps<ColumnCells> {
  const text: ColumnCells = { kind: 'text', numbers: none, ends: none, unit: null }
  return (yield* readNumbers(rows, index)) ?? (yield* readDates(rows, index)) ?? text
}

function* readNumbers(rows: Rows, index: number): Steps<ColumnCells | null> {
  let numbers: Float64Array = none
  let [filled, found] = [0, 0]
  let unit: string | null = null
  for (let row = 0; row < rows.length; row += 1) {
    if (row % rowsAtOnce === rowsAtOnce - 1) yield
    const cell = rows[row]?.[index]
    let value: number
    if (typeof cell === 'number') value = cell
    else {
      if (typeof cell !== 'string' || cell === '' || isMissing(cell)) continue
      const read = numberOfCell(cell)
      if (read === null) {
        filled += 1
        // Texts are known for what they are by their first rows.
        if (filled - found > 64 && found < filled / 4) return null
        continue
      }
      value = read.value
      unit ??= read.unit
    }
    if (found === 0) numbers = nothingFor(rows)
    numbers[row] = value
    filled += 1
    found += 1
  }
  return isMost(found, filled) ? { kind: 'number', numbers, ends: numbers, unit } : null
}

function* readDates(rows: Rows, index: number): Steps<ColumnCells | null> {
  let numbers: Float64Array = none
  let ends: Float64Array = none
  let [filled, found] = [0, 0]
  const order = orderOf(rows, index)
  for (let row = 0; row < rows.length; row += 1) {
    if (row % rowsAtOnce === rowsAtOnce - 1) yield
    const cell = rows[row]?.[index]
    if (typeof cell !== 'string' || cell === '' || isMissing(cell)) continue
    filled += 1
    const span = dateOfCell(cell, order)
    if (span === null) {
      if (filled - found > 16 && found < filled / 2) return null
      continue
    }
    if (found === 0) [numbers, ends] = [nothingFor(rows), nothingFor(rows)]
    numbers[row] = span.low
    ends[row] = span.high
    found += 1
  }
  return isMost(found, filled) ? { kind: 'date', numbers, ends, unit: null } : null
}

/** Rows by which it is known whether days or months stand first. */
const mostForOrder = 4096

/** The one order that cells of a column have; null where none says it, or where two say different ones. */
function orderOf(rows: Rows, index: number): DayOrder | null {
  let order: DayOrder | null = null
  for (let row = 0; row < Math.min(rows.length, mostForOrder); row += 1) {
    const cell = rows[row]?.[index]
    const said = typeof cell === 'string' && cell.length <= 40 ? orderOfCell(cell) : null
    if (said === null) continue
    if (order !== null && order !== said) return null
    order = said
  }
  return order
}

function nothingFor(rows: Rows): Float64Array {
  return new Float64Array(rows.length).fill(Number.NaN)
}

function isMost(found: number, filled: number): boolean {
  return found > 0 && found >= filled * 0.6
}

function isMissing(cell: string): boolean {
  return cell.length <= 7 && /^\s*(?:-+|–|—|n \/ a|n\/?a|nan|null|none|unknown|tba|tbd|\?)?\s*$/i.test(cell)
}
