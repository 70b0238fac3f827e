import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { yearSpan } from '../figures/dates.ts'
import type { Figure } from '../figures/figure.ts'
import { spokenForm } from './tokens.ts'

/** Words of a sentence that are the value of a column in some rows. */
export interface ValueMention {
  readonly start: number
  readonly end: number
  readonly column: Column
  readonly rows: readonly number[]
  /** Is it the whole value, and no word that is said anyway? */
  readonly strong: boolean
  /** Is it a word of a value alone? */
  readonly isPart?: boolean
  /** The figure that it is: a year, the number of a round. */
  readonly figure?: Figure
}

const keyNames =
  /^(?:year|season|round|rd|week|wk|day|no|number|nr|episode|ep|game|match|stage|lap|grade|level|class|quarter|month|series|draft|pick|edition|race|heat|lane|id|district|group|order|period|set|inning|serie|yr|years|ano|jahr|annee)$/

/** Rows that a figure of a sentence names: "in 2004", "round 3", "week 12". */
export function keyMentions(
  figures: readonly Figure[],
  table: IndexedTable,
  textBefore: (figure: Figure) => string,
): readonly ValueMention[] {
  return figures.flatMap((figure) => {
    const before = figure.kind === 'number' ? (spokenForm(textBefore(figure)).split(' ').at(-1) ?? '') : ''
    return table.columns.flatMap((column) => {
      const rows = keyRows(figure, column, before, table.rowCount)
      return rows === null || rows.length === 0
        ? []
        : [{ start: figure.start, end: figure.end, column, rows, strong: true, figure }]
    })
  })
}

/** `before` is the word right before the figure; empty where nothing asks for it. */
function keyRows(figure: Figure, column: Column, before: string, rowCount: number): readonly number[] | null {
  if (column.kind === 'date') {
    if (figure.kind !== 'date' || figure.yearless !== undefined) return null
    const { low, high } = figure.year === true ? yearSpan(figure.low) : figure
    return rowsWhere(
      rowCount,
      (row) => (column.numbers[row] ?? Number.NaN) >= low && (column.ends[row] ?? Number.NaN) <= high,
    )
  }
  if (column.kind !== 'number') {
    // Seasons and spans: "2004-05", "1995 - 2001".
    if (figure.year !== true) return null
    return rowCount > 5_000 ? null : column.rowsOfYear(String(figure.low))
  }
  const isKey = figure.year === true ? column.isYears : figure.kind === 'number' && isNamedBefore(column, before)
  return isKey ? rowsWhere(rowCount, (row) => column.numbers[row] === (figure.low + figure.high) / 2) : null
}

/** "round 3": the name of the column, if it is one that rows are named by, stands right before. */
function isNamedBefore(column: Column, word: string): boolean {
  return (
    word !== '' && column.words.length <= 2 && column.words.some((name) => word.startsWith(name) && keyNames.test(name))
  )
}

export function rowsWhere(rowCount: number, holds: (row: number) => boolean): number[] {
  const rows: number[] = []
  for (let row = 0; row < rowCount; row += 1) if (holds(row)) rows.push(row)
  return rows
}
