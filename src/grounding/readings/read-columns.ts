import { fits, times } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { chanceOfForm } from './coincidence.ts'
import { pick, sumOf } from './compute.ts'
import type { Filter } from './filters.ts'
import { sayRows, short, type Trial } from './trial.ts'

const mostColumns = 6

/** What two columns that are named come to over the same rows: "143 € for each order", "10 % of its revenue", "91 more were opened than closed". */
export function* readColumns(asked: Asked): Generator<Trial> {
  const { figure, view } = asked
  if (figure.kind === 'date' || figure.kind === 'rank' || !view.table.whole) return
  const columns = namedColumns(asked)
  if (columns.length < 2) return
  const filters = asked.filters.slice(0, 4)
  for (const filter of [...filters, ...asked.own.filter(({ rows }) => !filters.some((other) => other.rows === rows))]) {
    for (const left of columns) {
      for (const right of columns) if (left !== right) yield* ofTwo(asked, filter, left, right)
    }
  }
}

/** Of numbers that are added up, those that this sentence names, and the one before it. */
function namedColumns({ view, columns, context }: Asked): readonly Column[] {
  const said = view.columns.flatMap((mention) => mention.columns)
  return [...new Set([...columns, ...said, ...context.columns])]
    .filter((column) => column.kind === 'number' && !column.isYears && view.table.columns.includes(column))
    .slice(0, mostColumns)
}

function* ofTwo(asked: Asked, filter: Filter, left: Column, right: Column): Generator<Trial> {
  const { figure, view, operations } = asked
  const one = pick(left, filter.rows, view.table.rowCount).compute(sumOf) * left.scale
  const other = pick(right, filter.rows, view.table.rowCount).compute(sumOf) * right.scale
  const isRow = filter.rows?.length === 1
  const isPercent = figure.kind === 'percent' && figure.unit !== 'points'
  const values: (readonly [string, number])[] = []
  if (isPercent) values.push(['share', (100 * one) / other])
  if (isPercent && (operations.has('change') || operations.has('difference') || isRow))
    values.push(['change', (100 * (one - other)) / other])
  if (!isPercent && figure.high - figure.low < Math.abs(figure.low)) values.push(['ratio', one / other])
  if (!isPercent && (left.unit === right.unit || left.unit === null)) values.push(['difference', one - other])
  for (const [what, value] of values) {
    if (!Number.isFinite(value) || value === 0) continue
    yield trialOf(asked, filter, { what, left, right }, value)
  }
}

function trialOf(
  { figure, view }: Asked,
  filter: Filter,
  { what, left, right }: { readonly what: string; readonly left: Column; readonly right: Column },
  value: number,
): Trial {
  return {
    verdict: 'computed',
    value,
    fits: fits(figure, value) || (what === 'difference' && !figure.signed && fits(times(figure, -1), value)),
    firm: false,
    table: view.table,
    column: left,
    rows: filter.rows,
    how: `${what} of ${short(left.name)} and ${short(right.name)} over ${sayRows(filter, view.table)}`,
    chance: () => chanceOfForm(figure),
  }
}
