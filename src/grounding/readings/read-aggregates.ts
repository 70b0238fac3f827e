import type { Column } from '../tables/column.ts'
import type { Operation } from '../words/operations.ts'
import type { Asked } from './asked.ts'
import { suits } from './suits.ts'
import { deviationOf, highest, lowest, meanOf, medianOf, pick, sumOf } from './compute.ts'
import { chanceOfCell, chanceOfRows } from './coincidence.ts'
import type { Filter } from './filters.ts'
import { factorsOf, fitsSaid, sayRows, short, unitConflict, type Trial } from './trial.ts'

interface Aggregate {
  readonly said: string
  readonly of: (numbers: Float64Array) => number
}

const aggregates: Readonly<Partial<Record<Operation, readonly Aggregate[]>>> = {
  sum: [{ said: 'sum', of: sumOf }],
  mean: [{ said: 'mean', of: meanOf }],
  median: [{ said: 'median', of: medianOf }],
  max: [{ said: 'highest', of: highest }],
  min: [{ said: 'lowest', of: lowest }],
  deviation: [
    { said: 'standard deviation (sample)', of: (numbers) => deviationOf(numbers, 1) },
    { said: 'standard deviation (population)', of: (numbers) => deviationOf(numbers, 0) },
  ],
}

/** Sums, means, extremes and the like over the rows that words name. Without a word for one, the sum of several rows. */
export function* readAggregates(asked: Asked): Generator<Trial> {
  const named = [...asked.operations].flatMap((operation) =>
    (aggregates[operation] ?? []).map((aggregate) => ({ operation, aggregate })),
  )
  const all = [...named, ...unsaid(asked)]
  if (all.length === 0) return
  const columns = columnsOf(asked)
  for (const { operation, aggregate } of all) {
    for (const filter of filtersFor(asked, operation)) {
      for (const column of columns)
        yield* trials(
          asked,
          column,
          filter,
          aggregate,
          named.some((said) => said.aggregate === aggregate),
        )
    }
  }
}

const ownComputations: ReadonlySet<Operation> = new Set([
  'sum',
  'mean',
  'median',
  'deviation',
  'quantile',
  'correlation',
])
/** Columns whose numbers are not added up. */
const notAdded =
  /(?:avg|average|mean|median|rate|ratio|share|pct|percent|price|min|max|age|year|rank|score|temp|hour|index|per)/i

function unsaid(asked: Asked): { readonly operation: Operation; readonly aggregate: Aggregate }[] {
  // "There were 900 visitors" counts what the column has counted, and "the most, 885" is a sum of what a group has.
  const plain = ![...asked.operations].some((operation) => ownComputations.has(operation))
  if (!plain || asked.figure.kind === 'percent' || asked.figure.kind === 'rank') return []
  return (aggregates.sum ?? []).map((aggregate) => ({ operation: 'sum' as const, aggregate }))
}

/** The only column of numbers is meant where none is named. */
function columnsOf(asked: Asked): readonly Column[] {
  const said = asked.columns.filter((column) => column.kind === 'number' && suits(column, asked.figure))
  if (said.length > 0 || asked.named === 'own') return said
  const free = asked.view.table.columns.filter(
    (column) => column.kind === 'number' && !column.isYears && suits(column, asked.figure),
  )
  return free.length === 1 ? free : []
}

function filtersFor(asked: Asked, operation: Operation): readonly Filter[] {
  const isExtreme = operation === 'max' || operation === 'min'
  const several = asked.filters.filter(({ rows }) => rows === null || !isExtreme || rows.length > 1)
  const own =
    isExtreme &&
    asked.own.every(({ mentions }) => mentions.length === 0) &&
    asked.view.values.some(({ strong, figure }) => strong && figure === undefined)
      ? []
      : asked.own
  const found = [...several, ...own.filter(({ rows }) => rows === null || rows.length > 1)]
  return found.filter(
    ({ rows }, at) =>
      (rows !== null || asked.view.table.whole) && found.findIndex((other) => sameRows(other.rows, rows)) === at,
  )
}

function sameRows(left: readonly number[] | null, right: readonly number[] | null): boolean {
  return (
    left === right ||
    (left !== null &&
      right !== null &&
      left.length === right.length &&
      left[0] === right[0] &&
      left.at(-1) === right.at(-1))
  )
}

function isExtreme({ of }: Aggregate): boolean {
  return of === highest || of === lowest
}

/** May words that name no computation mean the sum: over several rows that they name, or over all where they name none? */
function isAddedUp(asked: Asked, column: Column, filter: Filter, count: number): boolean {
  if (count < 2 || column.unit === '%' || column.isFraction || notAdded.test(column.name)) return false
  if (filter.rows !== null) return true
  const { low, high } = asked.figure
  return asked.view.table.whole && asked.own.every(({ mentions }) => mentions.length === 0) && (low + high) / 2 >= 10
}

function* trials(
  asked: Asked,
  column: Column,
  filter: Filter,
  aggregate: Aggregate,
  isNamed: boolean,
): Generator<Trial> {
  const { figure, view } = asked
  if (filter.mentions.some((mention) => mention.column === column)) return
  const picked = pick(column, filter.rows, view.table.rowCount)
  const { numbers } = picked
  if (numbers.length === 0 || (!isNamed && !isAddedUp(asked, column, filter, numbers.length))) return
  const raw = filter.rows === null && aggregate.said === 'sum' ? column.sum : picked.compute(aggregate.of)
  const conflict = unitConflict(column, figure)
  for (const factor of factorsOf(column, figure)) {
    const isFit = fitsSaid(asked, raw, factor)
    if (!isFit && conflict !== null) continue
    yield {
      verdict: 'computed',
      value: raw * factor,
      fits: isFit && conflict === null,
      // Of "the most of A" it is the group that has the most, and not one of its rows.
      firm:
        isNamed &&
        !(isExtreme(aggregate) && filter.mentions.length > 0) &&
        asked.named === 'own' &&
        asked.columns.length <= 2,
      table: view.table,
      column,
      rows: filter.rows === null ? null : picked.rows,
      mentions: filter.mentions,
      ...(filter.bounds === undefined ? {} : { bound: filter.bounds[0] }),
      how: `${aggregate.said} of ${short(column.name)} over ${sayRows(filter, view.table)}`,
      chance: () =>
        numbers.length === 1
          ? chanceOfCell(figure, column, factor)
          : chanceOfRows(figure, column, { size: numbers.length, of: aggregate.of, as: (drawn) => drawn * factor }),
      ...(isFit && conflict !== null ? { conflict } : {}),
    }
  }
}
