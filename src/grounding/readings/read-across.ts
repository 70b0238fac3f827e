import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { chanceOfForm } from './coincidence.ts'
import { everyRow, type Filter } from './filters.ts'
import { jointFilters } from './joint.ts'
import { factorsOf, fitsSaid, sayRows, short, unitConflict, type Trial } from './trial.ts'

/** Names of columns that are one series: a quarter, a year, a month, a week each. */
const ofSeries =
  /^(?:q[1-4]|h[12]|w(?:eek|k)?[ _]?\d{1,2}|(?:fy)?(?:19|20)\d\d|\p{L}+[ _](?:19|20)\d\d|(?:19|20)\d\d[ _-]?(?:q[1-4]|\d\d)|q[1-4][ _-]?(?:19|20)\d\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*|(?:mon|tue|wed|thu|fri|sat|sun)\p{L}*|month[ _]?\d{1,2}|day[ _]?\d{1,2})$/iu

/** The columns of a table that are a series of times, in their order; none where fewer than three are. */
export function seriesOf(columns: readonly Column[]): readonly Column[] {
  const found = columns.filter(({ name, kind }) => kind === 'number' && ofSeries.test(name.trim()))
  return found.length >= 3 ? found : []
}

/**
 * Over the columns of a series: "South sold 423 over the year", "the annual total of 1,293", "a quarterly average of 105.8",
 * a share of that.
 */
export function* readAcross(asked: Asked): Generator<Trial> {
  const { view, figure, operations } = asked
  const series = seriesOf(view.table.columns)
  if (series.length === 0 || figure.unit === 'points') return
  yield* atEnds(asked, series)
  const said = new Set(view.columns.flatMap(({ columns }) => columns).filter((column) => series.includes(column)))
  const columns = said.size >= 2 && said.size < series.length && figure.kind !== 'percent' ? [...said] : series
  for (const filter of filtersOf(asked)) {
    const values = columns.map((column) => sumIn(column, filter.rows, view.table.rowCount))
    const sum = values.reduce((total, value) => total + value, 0)
    const base = { asked, filter, columns }
    if (figure.kind === 'percent') {
      const all = columns.reduce((total, column) => total + column.sum, 0)
      if (filter.rows !== null && all > 0)
        yield trialOf(base, `share of all ${short(view.table.title)} in`, (100 * sum) / all)
      continue
    }
    yield trialOf(base, 'sum', sum)
    if (operations.has('mean')) yield trialOf(base, 'mean', sum / values.length)
    if (operations.has('max')) yield trialOf(base, 'highest', Math.max(...values))
    if (operations.has('min')) yield trialOf(base, 'lowest', Math.min(...values))
  }
}

const now =
  /\b(?:to|today|now|currently|by now|meanwhile|remains?|still|latest|last|recent\w*|→|->|–)\s*(?:at|only|just|about)?\s*[$€£]?$/iu
const isNow = /\b(?:today|now|currently|latest|remains?|still|last (?:year|month|quarter|week))\b/i
const then = /\b(?:from|once|initially|originally|started (?:at|with)|began (?:at|with))\s*[$€£]?$/i

/** "from 84 people to 126": the first and the last of a series, where no column of it is named; with shares and sums of those. */
function* atEnds(asked: Asked, series: readonly Column[]): Generator<Trial> {
  const { view, figure, before, named, columns } = asked
  const isNamed = named === 'own' && columns.some((column) => series.includes(column))
  const [first, last] = [series[0], series.at(-1)]
  if (isNamed || first === undefined || last === undefined) return
  const rest = view.text.slice(figure.end - view.sentence.start, figure.end - view.sentence.start + 12)
  const ends = [
    ...(then.test(before) || /^\s*(?:\p{L}+\s+)?(?:to|→|->)\s*[$€£]?\d/u.test(rest) ? [first] : []),
    ...(now.test(before) || /→\s*$/.test(before) || isNow.test(view.text) ? [last] : []),
  ]
  for (const column of ends) {
    for (const filter of [...filtersOf(asked), ...jointFilters(asked)]) {
      const value = sumIn(column, filter.rows, view.table.rowCount)
      const base = { asked, filter, columns: [column] }
      if (figure.kind !== 'percent') yield trialOf(base, 'sum', value)
      else if (filter.rows !== null && column.sum > 0) yield trialOf(base, 'share', (100 * value) / column.sum)
    }
  }
}

function filtersOf({ filters, view }: Asked): readonly Filter[] {
  const some = filters.slice(0, 4)
  return view.table.whole && !some.some(({ rows }) => rows === null)
    ? [...some, everyRow]
    : some.filter(({ rows }) => rows !== null || view.table.whole)
}

function sumIn(column: Column, rows: readonly number[] | null, rowCount: number): number {
  if (rows === null) return column.sum
  return rows.reduce((sum, row) => sum + (row < rowCount ? column.numbers[row] || 0 : 0), 0)
}

function namesOf(columns: readonly Column[]): string {
  const [first, last] = [short(columns[0]?.name ?? ''), short(columns.at(-1)?.name ?? '')]
  return columns.length === 1 ? first : `${columns.length} columns from ${first} to ${last}`
}

function trialOf(
  { asked, filter, columns }: { readonly asked: Asked; readonly filter: Filter; readonly columns: readonly Column[] },
  what: string,
  value: number,
): Trial {
  const { figure, view } = asked
  const [first] = columns
  const factor = first === undefined || figure.kind === 'percent' ? 1 : (factorsOf(first, figure).at(-1) ?? 1)
  const conflict = first === undefined || figure.kind === 'percent' ? null : unitConflict(first, figure)
  return {
    verdict: 'computed',
    value: value * factor,
    fits: conflict === null && (fitsSaid(asked, value, factor) || fitsSaid(asked, value)),
    firm: false,
    table: view.table,
    column: first ?? null,
    rows: filter.rows,
    how: `${what} of ${namesOf(columns)} over ${sayRows(filter, view.table)}`,
    chance: () => chanceOfForm(figure),
  }
}
