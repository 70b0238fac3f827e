import type { Column } from '../tables/column.ts'
import { ordinalOf } from '../figures/number-words.ts'
import type { Asked } from './asked.ts'
import { anyOf, chanceOfCell } from './coincidence.ts'
import { everyRow, type Filter } from './filters.ts'
import { mostRanked, ranked } from './ranked-rows.ts'
import { suits } from './suits.ts'
import { factorsOf, fitsSaid, short, unitConflict, type Trial } from './trial.ts'

const superlative =
  /\b(?:(second|third|fourth|fifth|2nd|3rd|4th)[ -])?(?:(highest|largest|biggest|greatest|most|strongest|longest|tallest|heaviest|oldest|top|best|busiest|peak(?:ed)?|best-selling|fastest|richest|warmest|hottest|maximum)|(lowest|smallest|fewest|least|weakest|shortest|lightest|youngest|worst|bottom|quietest|slowest|poorest|coldest|minimum)|(runner-up|second place))\b/gi
const mostColumns = 4

/** "When the wind was strongest, humidity was 79 %", "the top store took 77": cells of the row that a superlative names. */
export function* readExtremes(asked: Asked): Generator<Trial> {
  const { view, figure } = asked
  if (!view.table.whole || view.table.rowCount > mostRanked || figure.kind === 'rank') return
  const isNamed = view.values.some(({ strong, figure: key }) => strong && key === undefined)
  for (const match of [...view.text.matchAll(superlative)].slice(0, 3)) {
    const [whole, nth, up, , second] = match
    const start = match.index + view.sentence.start
    const place = second === undefined ? placeOf(nth) : 2
    const sign = up !== undefined || second !== undefined ? 1 : -1
    const by = columnsBeside(asked, start, start + whole.length)
    // Where rows are named, a superlative without its own column says something of them, and names no other.
    if (isNamed && !by.isSaid) continue
    for (const column of by.columns) {
      for (const filter of poolsOf(asked)) {
        const order = within(ranked(column, view.table.rowCount, sign), filter)
        const row = order[place - 1]
        if (row === undefined || order.length < 2 || isTied(column, order, place)) continue
        yield* cellsOf(asked, column, row, {
          said: `${whole} ${short(column.name)}`,
          isOther: by.isSaid && place === 1,
          size: by.columns.length,
        })
      }
    }
  }
}

/** Those of some rows that a filter leaves, in their order. */
function within(rows: readonly number[], { rows: some }: Filter): readonly number[] {
  if (some === null) return rows
  const kept = new Set(some)
  return rows.filter((row) => kept.has(row))
}

function placeOf(nth: string | undefined): number {
  return nth === undefined ? 1 : (ordinalOf(nth) ?? (Number.parseInt(nth, 10) || 1))
}

/** Where several rows have the value, none of them is named. */
function isTied(column: Column, order: readonly number[], place: number): boolean {
  const at = (index: number): number | undefined => column.numbers[order[index] ?? -1]
  return at(place - 1) === at(place) || (place > 1 && at(place - 1) === at(place - 2))
}

/** Every row, and the rows that other words name. */
function poolsOf({ filters }: Asked): readonly Filter[] {
  return [...filters.filter(({ rows }) => rows !== null && rows.length > 1).slice(0, 2), everyRow]
}

/** By which column something is the highest: one that is named right beside the word, or any where none is. */
function columnsBeside(
  { view }: Asked,
  start: number,
  end: number,
): { readonly columns: readonly Column[]; readonly isSaid: boolean } {
  const isOpen = (column: Column): boolean => column.kind === 'number' && !column.isYears
  const beside = view.columns.find(
    (mention) =>
      (mention.start >= end && mention.start - end <= 14) || (mention.end <= start && start - mention.end <= 10),
  )
  const said = (beside?.columns ?? []).filter(isOpen)
  if (said.length > 0) return { columns: said.slice(0, 2), isSaid: true }
  const free = view.table.columns.filter(isOpen)
  return { columns: free.length <= mostColumns ? free : [], isSaid: false }
}

function* cellsOf(
  asked: Asked,
  by: Column,
  row: number,
  { said, isOther, size }: { readonly said: string; readonly isOther: boolean; readonly size: number },
): Generator<Trial> {
  const { figure, view } = asked
  const open = asked.columns.filter((column) => suits(column, figure))
  const free = view.table.columns.filter((column) => suits(column, figure) && !column.isYears)
  const columns = open.length > 0 && asked.named !== 'none' ? open : free.length <= mostColumns ? free : []
  for (const column of columns) {
    if ((isOther && column === by) || unitConflict(column, figure) !== null) continue
    for (const factor of factorsOf(column, figure)) {
      const value = column.numbers[row] ?? Number.NaN
      if (Number.isNaN(value)) continue
      yield {
        verdict: 'cell',
        value: value * factor,
        fits: fitsSaid(asked, value, factor),
        firm: false,
        table: view.table,
        column,
        rows: [row],
        how: `${short(column.name)} of the row with the ${said} in ${short(view.table.title)}`,
        chance: () => anyOf(Array.from({ length: size }, () => chanceOfCell(figure, column, factor))),
      }
    }
  }
}
