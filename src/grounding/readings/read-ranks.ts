import { fits } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { chanceOfCell } from './coincidence.ts'
import { placeOf } from './compute.ts'
import type { Filter } from './filters.ts'
import { sayFilter, short, type Trial } from './trial.ts'

const places = /^(?:rank|position|pos|place|standing|finish|ranking|plac)$/

/** Columns by whose lowest value one is first. */
const lessIsBetter = /time|duration|lap|second|minute|price|cost|loss|error|age|score|strokes|par\b/i

/** Places: what a column of places says, or by how many the value of a row is exceeded. */
export function* readRanks(asked: Asked): Generator<Trial> {
  const { figure, view, operations } = asked
  const speaks = figure.kind === 'rank' || (operations.has('rank') && figure.kind === 'number')
  if (!speaks || !view.table.whole) return
  for (const filter of asked.filters) {
    const [row] = filter.rows ?? []
    if (row === undefined || (filter.rows?.length ?? 0) > 6) continue
    for (const column of view.table.columns.filter(isPlaces)) {
      const value = column.numbers[row] ?? Number.NaN
      if (Number.isNaN(value) || namesOther(asked, column)) continue
      yield {
        verdict: 'cell',
        value,
        fits: fits(figure, value),
        firm: filter.rows?.length === 1 && operations.has('rank'),
        table: view.table,
        column,
        rows: [row],
        mentions: filter.mentions,
        how: `${short(column.name)} of ${sayFilter(filter)} in ${short(view.table.title)}`,
        chance: () => chanceOfCell(figure, column, 1),
      }
    }
    if (filter.rows?.length === 1) for (const column of columnsOf(asked)) yield* placeTrials(asked, column, row, filter)
  }
}

export function isPlaces(column: Column): boolean {
  return column.kind === 'number' && column.words.some((word) => places.test(word))
}

/** "third by revenue" is no place of the column of places. */
function namesOther(asked: Asked, column: Column): boolean {
  return asked.named === 'own' && asked.columns.length > 0 && !asked.columns.includes(column)
}

function columnsOf(asked: Asked): readonly Column[] {
  const said = asked.columns.filter((column) => column.kind === 'number' && !isPlaces(column))
  if (said.length > 0) return said
  const later = asked.view.columns
    .flatMap(({ columns }) => columns)
    .filter((column) => column.kind === 'number' && !isPlaces(column))
  if (later.length > 0) return [...new Set(later)].slice(0, 3)
  const free = asked.view.table.columns.filter(
    (column) => column.kind === 'number' && !column.isYears && !isPlaces(column),
  )
  return free.length === 1 ? free : []
}

function* placeTrials(asked: Asked, column: Column, row: number, filter: Filter): Generator<Trial> {
  const { figure, view, operations } = asked
  const value = column.numbers[row] ?? Number.NaN
  if (Number.isNaN(value)) return
  const signs = operations.has('min')
    ? [-1 as const]
    : operations.has('max') || !lessIsBetter.test(column.name)
      ? [1 as const]
      : [-1 as const, 1 as const]
  for (const sign of signs) {
    const place = placeOf(column.sorted, value, sign)
    yield {
      verdict: 'computed',
      value: place,
      fits: fits(figure, place),
      firm: signs.length === 1 && asked.named === 'own',
      table: view.table,
      column,
      rows: [row],
      mentions: filter.mentions,
      how: `place of ${sayFilter(filter)} by ${short(column.name)}, ${sign === 1 ? 'highest' : 'lowest'} first, among ${column.sorted.length} rows of ${short(view.table.title)}`,
      chance: () => 1 / column.sorted.length,
    }
  }
}
