import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { yearAndDay, yearSpan } from '../figures/dates.ts'
import type { Figure } from '../figures/figure.ts'
import { spokenForm, stem } from './tokens.ts'
import type { ValueMention } from './value-mentions.ts'

const keyNames =
  /^(?:year|season|round|rd|week|wk|day|no|number|nr|episode|ep|game|match|stage|lap|grade|level|class?|quarter|month|series|draft|pick|edition|race|heat|lane|id|district|group|order|period|set|inning|serie|yr|years|ano|jahr|annee)$/
const numberNames = /^(?:no|number|nr|num)$/

/** What stands right before and right behind a figure, inside its sentence. It is the same beside each table. */
export class Beside {
  readonly figure: Figure
  readonly before: string
  /** Do the words say that something lies before it, or after it? */
  readonly side: Side | null
  /** The words before it. */
  readonly words: readonly string[]
  /** The stem of the word right behind it; empty for none. */
  readonly next: string
  /** "with three", "of 3": may it say how many of something rows have? */
  readonly isOf: boolean

  constructor(figure: Figure, before: string, after: string) {
    this.figure = figure
    this.before = before
    this.side = sideOf(before)
    this.words = figure.kind === 'number' ? spokenForm(before).split(' ') : []
    this.next = stem(spokenForm(/^[ -]\p{L}+/u.exec(after)?.[0] ?? ''))
    this.isOf = figure.kind === 'number' && /\b(?:with|having|have|of|exactly)\s*$/i.test(before)
  }
}

/** Rows that a figure of a sentence names: "in 2004", "round 3", "the 7th district", "before 1990". */
export function keyMentions(figures: readonly Beside[], table: IndexedTable): readonly ValueMention[] {
  return figures.flatMap((beside) => {
    const { figure, side } = beside
    return table.columns.flatMap((column) => {
      const rows =
        side === null || figure.year !== true
          ? keyRows(beside, column, table.rowCount)
          : rowsBeyond(figure, column, side, table.rowCount)
      // Where no row lies before or after a year, the words name none: that is no other reading of it.
      return rows === null || (rows.length === 0 && side === null)
        ? []
        : [{ start: figure.start, end: figure.end, column, rows, strong: true, figure }]
    })
  })
}

type Side = (first: number, last: number, year: number) => boolean

const sides: readonly (readonly [RegExp, Side])[] = [
  [/\b(?:before|prior to)(?: the)?(?: year)? *$/i, (_first, last, year) => last < year],
  [/\bafter(?: the)?(?: year)? *$/i, (first, _last, year) => first > year],
]

function sideOf(before: string): Side | null {
  return sides.find(([pattern]) => pattern.test(before))?.[1] ?? null
}

/** Rows that lie before or after a year; null where a column has no times. */
function rowsBeyond(figure: Figure, column: Column, holds: Side, rowCount: number): number[] | null {
  if (column.kind === 'date') {
    const { low, high } = yearSpan(figure.low)
    return rowsWhere(rowCount, (row) => {
      const [first, last] = [column.numbers[row] ?? Number.NaN, column.ends[row] ?? Number.NaN]
      return holds(first > high ? 1 : first < low ? -1 : 0, last > high ? 1 : last < low ? -1 : 0, 0)
    })
  }
  if (column.kind !== 'number' || !column.isYears) return null
  return rowsWhere(rowCount, (row) => {
    const year = column.numbers[row] ?? Number.NaN
    return holds(year, year, figure.low)
  })
}

function keyRows(beside: Beside, column: Column, rowCount: number): readonly number[] | null {
  const { figure } = beside
  if (column.kind === 'date') {
    if (figure.kind !== 'date') return null
    if (figure.yearless !== undefined) return rowsOfDay(figure.yearless, column, rowCount)
    const { low, high } = figure.year === true ? yearSpan(figure.low) : figure
    return rowsWhere(
      rowCount,
      (row) => (column.numbers[row] ?? Number.NaN) >= low && (column.ends[row] ?? Number.NaN) <= high,
    )
  }
  if (column.kind !== 'number') {
    if (rowCount > 5_000) return null
    if (figure.year === true) return rowsOfYear(beside, column, rowCount)
    return isLabel(beside, column) ? rowsOfLabel(figure, column, rowCount) : null
  }
  const isKey = figure.year === true ? column.isYears : isLabel(beside, column) || isFew(beside, column)
  return isKey ? rowsWhere(rowCount, (row) => column.numbers[row] === middleOf(figure)) : null
}

/** "3 March" without a year: the rows of that day; none where a column has it in several years. */
function rowsOfDay({ month, day }: NonNullable<Figure['yearless']>, column: Column, rowCount: number): number[] {
  const years = new Set<number>()
  const rows = rowsWhere(rowCount, (row) => {
    const low = column.numbers[row] ?? Number.NaN
    if (Number.isNaN(low) || low !== column.ends[row]) return false
    const at = yearAndDay(low)
    if (at.month !== month || at.day !== day) return false
    years.add(at.year)
    return true
  })
  return years.size > 1 ? [] : rows
}

const middleOf = ({ low, high }: Figure): number => (low + high) / 2

/** Seasons and spans: "2004-05", "1995 - 2001"; behind "2004 - " also the second year of one. */
function rowsOfYear({ figure, before }: Beside, column: Column, rowCount: number): readonly number[] {
  const year = String(figure.low)
  const [, first] = /(\d{4})\s*[-–/]\s*$/.exec(before) ?? []
  if (first === undefined) return column.rowsOfYear(year)
  const pattern = new RegExp(`(?<!\\d)${first}\\s*[-–/]\\s*(?:${year.slice(0, 2)})?${year.slice(2)}(?!\\d)`)
  return rowsWhere(rowCount, (row) => pattern.test(column.textOf(row)) && column.textOf(row).length <= 12)
}

/** "Illinois 11" is district 11, "New York 7th" the 7th. */
function rowsOfLabel(figure: Figure, column: Column, rowCount: number): number[] {
  const pattern = new RegExp(`(?<![\\d.,-])0*${middleOf(figure)}(?:st|nd|rd|th)?(?![\\d-]|[.,]\\d)`, 'i')
  return rowsWhere(rowCount, (row) => pattern.test(column.textOf(row)) && column.textOf(row).length <= 40)
}

/** "round 3", "jersey number 32", "the 7th district": the name of the column, if it is one that rows are named by, stands beside it. */
function isLabel({ figure, words, next }: Beside, column: Column): boolean {
  if (!Number.isInteger(middleOf(figure)) || figure.high - figure.low > 1) return false
  if (figure.kind === 'rank') {
    // Of "1st leg" and "2nd leg" the ordinal names the column.
    const isName = column.words.some((name) => name === next || (next.length > 3 && name.endsWith(next)))
    return next !== '' && isName && !column.words.includes(String(middleOf(figure)))
  }
  if (figure.kind !== 'number') return false
  const last = words.at(-1) ?? ''
  const word = numberNames.test(last) && words.length > 1 ? (words.at(-2) ?? '') : last
  if (word === '' || column.words.length > 3) return false
  const isNumber = numberNames.test(last) && column.words.some((name) => numberNames.test(name))
  return (
    isNumber ||
    column.words.some(
      (name) =>
        (keyNames.test(name) && column.words.length <= 2 && (name === word || word.startsWith(name))) ||
        // "class 1" of pclass.
        (keyNames.test(word) && word.length > 3 && name.endsWith(stem(word))),
    )
  )
}

/** Of so many rows a column that has few values says what they are, and not how much they have. */
const manyRows = 60
const fewValues = 12
const few = new WeakMap<Column, boolean>()

/** "people with three children": a value of a column that has few of them. */
function isFew({ isOf, next }: Beside, column: Column): boolean {
  if (!isOf || next === '' || !column.words.includes(next)) return false
  let isIt = few.get(column)
  if (isIt === undefined) {
    isIt = column.numbers.length >= manyRows && new Set(column.numbers).size <= fewValues
    few.set(column, isIt)
  }
  return isIt
}

/** "between 30 and 44", "30 to 44 year olds": the rows of a text "30-44". */
export function spanMentions(text: string, offset: number, table: IndexedTable): readonly ValueMention[] {
  if (table.rowCount > 5_000) return []
  return [...text.matchAll(/\b(?:between )?(\d{1,4}) (?:and|to) (\d{1,4})\b/gi)].flatMap((match) => {
    const pattern = new RegExp(`^${match[1] ?? ''}\\s*(?:-|–|to)\\s*${match[2] ?? ''}$`, 'i')
    const [start, end] = [match.index + offset, match.index + match[0].length + offset]
    return table.columns.flatMap((column) => {
      if (column.kind !== 'text') return []
      const rows = rowsWhere(table.rowCount, (row) => pattern.test(column.textOf(row).trim()))
      return rows.length === 0 ? [] : [{ start, end, column, rows, strong: true }]
    })
  })
}

export function rowsWhere(rowCount: number, holds: (row: number) => boolean): number[] {
  const rows: number[] = []
  for (let row = 0; row < rowCount; row += 1) if (holds(row)) rows.push(row)
  return rows
}
