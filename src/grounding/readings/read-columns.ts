import { fits, times } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { chanceOfForm } from './coincidence.ts'
import { pick, sumOf } from './compute.ts'
import type { Filter } from './filters.ts'
import { isPlaces } from './read-ranks.ts'
import { jointFilters } from './joint.ts'
import { sayRows, short, type Trial } from './trial.ts'

const mostColumns = 6

/** What two columns that are named come to over the same rows: "143 € for each order", "10 % of its revenue", "91 more were opened than closed". */
export function* readColumns(asked: Asked): Generator<Trial> {
  const { figure, view } = asked
  if (figure.kind === 'date' || figure.kind === 'rank' || !view.table.whole) return
  const named = namedColumns(asked)
  const wholes = unnamedWholes(asked, named)
  if (named.length + wholes.length < 2) return
  const filters = [...asked.filters.slice(0, 4), ...jointFilters(asked).slice(0, 2)]
  for (const filter of [...filters, ...asked.own.filter(({ rows }) => !filters.some((other) => other.rows === rows))]) {
    for (const left of named) {
      for (const right of [...named, ...wholes]) if (left !== right) yield* ofTwo(asked, filter, left, right)
    }
  }
}

/** Of numbers that are added up, those that this sentence names, and the one before it. */
function namedColumns({ view, columns, context, figure }: Asked): readonly Column[] {
  const isWorth = worth.test(view.text)
  const free = isWorth
    ? view.table.columns.filter(({ kind, isYears, name }) => kind === 'number' && !isYears && factors.test(name))
    : []
  // "78 € for each order": of the column in that currency.
  if (figure.kind === 'money' && each.test(view.text))
    free.push(...view.table.columns.filter(({ unit }) => unit === figure.unit))
  const said = view.columns.flatMap((mention) => mention.columns)
  return [...new Set([...columns, ...said, ...free, ...context.columns])]
    .filter((column) => column.kind === 'number' && !column.isYears && view.table.columns.includes(column))
    .slice(0, mostColumns)
}

const rate = /\b(?:rates?|ratio)\b|(?:%|percent) of (?:its|their|the) \p{L}+\b/iu
const fewColumns = 6

/** "a return rate of 6 %" of a table that counts returns and orders: what the one that is named may be a part of. */
function unnamedWholes({ figure, view }: Asked, named: readonly Column[]): readonly Column[] {
  if (named.length === 0 || named.length > 2 || figure.kind !== 'percent' || !rate.test(view.text)) return []
  const isCount = (column: Column): boolean =>
    column.kind === 'number' &&
    !column.isYears &&
    column.unit !== '%' &&
    !column.isFraction &&
    !isPlaces(column) &&
    !named.includes(column)
  const free = view.table.columns.filter(isCount)
  return free.length <= fewColumns && named.every((column) => column.unit !== '%') ? free : []
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
  if (isInCents(asked)) values.push(['ratio in hundredths', (100 * one) / other])
  if (!isPercent && worth.test(view.text) && left.index < right.index) {
    const product = productOf(view.table.rowCount, filter, left, right)
    values.push(['product', product])
  }
  if (!isPercent && (left.unit === right.unit || left.unit === null)) values.push(['difference', one - other])
  for (const [what, value] of values) {
    if (!Number.isFinite(value) || value === 0) continue
    yield trialOf(asked, filter, { what, left, right }, value)
  }
}

const each = /\b(?:per|each|every|apiece|average|mean)\b/i
const worth = /\b(?:worth|value|valued|amounts? to|total cost|costs?|revenue|tied up)\b/i

/** Columns whose product is what something is worth. */
const factors = /stock|quantity|qty|units?|price|cost|amount|count/i

function isInCents({ view, figure }: Asked): boolean {
  return /^ ?(?:cents?|ct|pence|¢)\b/i.test(view.text.slice(figure.end - view.sentence.start))
}

/** Of each row, one column times the other, added up. */
function productOf(rowCount: number, { rows }: Filter, left: Column, right: Column): number {
  let sum = 0
  const add = (row: number): void => {
    const value = (left.numbers[row] ?? Number.NaN) * (right.numbers[row] ?? Number.NaN)
    if (!Number.isNaN(value)) sum += value
  }
  if (rows === null) for (let row = 0; row < rowCount; row += 1) add(row)
  else rows.forEach(add)
  return sum
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
