import { fits } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { chanceOfForm } from './coincidence.ts'
import { correlationOf, pick, quantileOf } from './compute.ts'
import type { Filter } from './filters.ts'
import { suits } from './suits.ts'
import { sayRows, short, type Trial } from './trial.ts'

/** Correlations of two columns that a sentence names, and quartiles and percentiles of one. */
export function* readStatistics(asked: Asked): Generator<Trial> {
  const { view, figure } = asked
  if (!view.table.whole || figure.kind === 'percent') return
  const said = new Set(view.operations.map(({ operation }) => operation))
  for (const filter of asked.filters) {
    if (said.has('correlation')) yield* correlations(asked, filter)
    if (said.has('quantile')) for (const column of columnsOf(asked)) yield* quantiles(asked, filter, column)
  }
}

function columnsOf({ view, figure }: Asked): readonly Column[] {
  const named = view.columns.flatMap(({ columns }) => columns)
  return [...new Set(named)].filter((column) => column.kind === 'number' && suits(column, figure)).slice(0, 4)
}

function* correlations(asked: Asked, filter: Filter): Generator<Trial> {
  const columns = columnsOf(asked)
  for (const [at, left] of columns.entries()) {
    for (const right of columns.slice(at + 1)) {
      const value = correlationOf(left.numbers, right.numbers, filter.rows)
      if (!Number.isFinite(value)) continue
      yield trialOf(asked, filter, left, value, `correlation of ${short(left.name)} with ${short(right.name)}`)
    }
  }
}

function* quantiles(asked: Asked, filter: Filter, column: Column): Generator<Trial> {
  const { numbers } = pick(column, filter.rows, asked.view.table.rowCount)
  if (numbers.length < 2) return
  const [low, high] = [quantileOf(numbers, 0.25), quantileOf(numbers, 0.75)]
  yield trialOf(asked, filter, column, low, `first quartile of ${short(column.name)}`)
  yield trialOf(asked, filter, column, high, `third quartile of ${short(column.name)}`)
  yield trialOf(asked, filter, column, high - low, `distance of the quartiles of ${short(column.name)}`)
  const [, part] = /\b(\d{1,2})(?:st|nd|rd|th) percentile/i.exec(asked.view.text) ?? []
  if (part !== undefined)
    yield trialOf(
      asked,
      filter,
      column,
      quantileOf(numbers, Number(part) / 100),
      `${part}th percentile of ${short(column.name)}`,
    )
}

function trialOf(asked: Asked, filter: Filter, column: Column, value: number, what: string): Trial {
  const { figure, view } = asked
  return {
    verdict: 'computed',
    value,
    fits: fits(figure, value),
    firm: false,
    table: view.table,
    column,
    rows: filter.rows,
    how: `${what} over ${sayRows(filter, view.table)}`,
    chance: () => chanceOfForm(figure),
  }
}
