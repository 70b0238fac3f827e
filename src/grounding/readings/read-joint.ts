import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { meanOf, pick, sumOf } from './compute.ts'
import { chanceOfRows } from './coincidence.ts'
import { everyRow, type Filter } from './filters.ts'
import { jointFilters, topFilters } from './joint.ts'
import { ofSum } from './read-shares.ts'
import { shareOfRows } from './share-of-rows.ts'
import { suits } from './suits.ts'
import { factorsOf, fitsSaid, sayRows, short, unitConflict, type Trial } from './trial.ts'

const mostColumns = 4

/**
 * What several rows come to that words name together: "A and B hold 63 %", "the other three add 651", "the top five earned
 * 12,000".
 */
export function* readJoint(asked: Asked): Generator<Trial> {
  const { figure, view } = asked
  if (!view.table.whole || figure.unit === 'points') return
  const columns = columnsOf(asked)
  const filters = [...jointFilters(asked), ...topFilters(asked, columns)]
  for (const filter of filters) {
    if (figure.kind === 'percent') {
      for (const column of columns) yield* ofSum(asked, filter, everyRow, column)
      const trial = shareOfRows(asked, { rows: filter.rows ?? [], whole: everyRow, said: filter.said ?? '' })
      if (trial !== null) yield trial
    }
    for (const column of columns) yield* computed(asked, filter, column)
  }
}

/** The columns that words name, or those of the sentence before; every column of numbers where there are few. */
export function columnsOf({ view, columns, named, context, figure }: Asked): readonly Column[] {
  const isOpen = (column: Column): boolean =>
    column.kind === 'number' && !column.isYears && view.table.columns.includes(column)
  const said = columns.filter(isOpen)
  if (named === 'own' && said.length > 0) return said.slice(0, mostColumns)
  const earlier = context.columns.filter(isOpen)
  const free = view.table.columns.filter((column) => isOpen(column) && suits(column, figure))
  return [...new Set([...said, ...earlier, ...(free.length <= mostColumns ? free : [])])].slice(0, mostColumns)
}

function* computed(asked: Asked, filter: Filter, column: Column): Generator<Trial> {
  const { figure, view } = asked
  const conflict = unitConflict(column, figure)
  const picked = pick(column, filter.rows, view.table.rowCount)
  const size = picked.numbers.length
  if (size === 0 || conflict !== null) return
  const said = new Set(view.operations.map(({ operation }) => operation))
  const isMean = said.has('mean') || column.unit === '%' || column.isFraction
  for (const [what, of] of isMean ? ([['mean', meanOf]] as const) : ([['sum', sumOf]] as const)) {
    for (const factor of factorsOf(column, figure)) {
      const value = picked.compute(of)
      yield {
        verdict: 'computed',
        value: value * factor,
        fits: fitsSaid(asked, value, factor),
        firm: false,
        table: view.table,
        column,
        rows: picked.rows,
        how: `${what} of ${short(column.name)} over ${sayRows(filter, view.table)}`,
        chance: () => chanceOfRows(figure, column, { size, of, as: (drawn) => drawn * factor }),
      }
    }
  }
}
