import { yearAndDay, yearSpan } from '../figures/dates.ts'
import type { Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { suits } from './suits.ts'
import { highest, lowest, pick } from './compute.ts'
import type { Filter } from './filters.ts'
import { sayFilter, sayRows, short, type Trial } from './trial.ts'

/** Dates: what a row has in a column of dates or years, or the earliest and the latest of several. */
export function* readDates(asked: Asked): Generator<Trial> {
  const { figure, view } = asked
  if (figure.kind !== 'date') return
  const said = asked.columns.filter((column) => suits(column, figure))
  const columns =
    said.length > 0
      ? said
      : view.table.columns.filter((column) => column.kind === 'date' || (column.isYears && figure.year === true))
  for (const filter of [...asked.filters, ...asked.own]) {
    for (const column of columns) {
      if (filter.mentions.some((mention) => mention.column === column)) continue
      if (filter.rows !== null && filter.rows.length <= 6) yield* cells(asked, filter, column, said.length > 0)
      else yield* extremes(asked, filter, column)
    }
  }
}

function* cells(asked: Asked, filter: Filter, column: Column, isNamed: boolean): Generator<Trial> {
  for (const row of filter.rows ?? []) {
    const low = column.numbers[row] ?? Number.NaN
    if (Number.isNaN(low)) continue
    yield {
      ...trialOf(asked, column, low, column.ends[row] ?? low, [row]),
      verdict: 'cell',
      mentions: filter.mentions,
      firm:
        filter.rows?.length === 1 &&
        filter.isEarlier !== true &&
        filter.mentions.some(({ strong }) => strong) &&
        (isNamed || asked.view.table.columns.filter(({ kind }) => kind === 'date').length === 1),
      how: `${short(column.name)} of ${sayFilter(filter) || `row ${row + 1}`} in ${short(asked.view.table.title)}`,
    }
  }
}

function* extremes(asked: Asked, filter: Filter, column: Column): Generator<Trial> {
  if (filter.rows === null && !asked.view.table.whole) return
  const picked = pick(column, filter.rows, asked.view.table.rowCount)
  for (const sign of [-1, 1] as const) {
    const value = picked.compute(sign === 1 ? highest : lowest)
    if (Number.isNaN(value)) continue
    const at = picked.rows[picked.numbers.indexOf(value)] ?? 0
    yield {
      ...trialOf(asked, column, value, column.ends[at] ?? value, [at]),
      verdict: 'computed',
      firm: false,
      how: `${sign === 1 ? 'latest' : 'earliest'} of ${short(column.name)} over ${sayRows(filter, asked.view.table)}`,
    }
  }
}

function trialOf(
  asked: Asked,
  column: Column,
  low: number,
  high: number,
  rows: readonly number[],
): Omit<Trial, 'verdict' | 'firm' | 'how'> {
  const { figure, view } = asked
  return {
    value: low,
    fits: isMeant(figure, column, low, high),
    table: view.table,
    column,
    rows,
    chance: () => {
      let hits = 0
      for (const value of column.sorted) if (isMeant(figure, column, value, value)) hits += 1
      return hits / Math.max(1, column.sorted.length)
    },
    said: column.textOf(rows[0] ?? 0),
  }
}

/** Is a cell's span of days one that a figure means? A day in a cell is of its month and of its year. */
export function isMeant(figure: Figure, column: Column, low: number, high: number): boolean {
  if (column.kind === 'number') return figure.year === true && low === figure.low
  if (figure.yearless !== undefined) {
    const { month, day } = yearAndDay(low)
    return low === high && month === figure.yearless.month && day === figure.yearless.day
  }
  const spans = figure.year === true ? [yearSpan(figure.low)] : [figure, ...figure.others]
  return spans.some((span) => low >= span.low && high <= span.high)
}
