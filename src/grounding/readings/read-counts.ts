import { fits, type Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { stem, tokensOf } from '../words/tokens.ts'
import { timeColumn } from '../words/place-in-time.ts'
import type { Asked } from './asked.ts'
import { anyOf, chanceOfForm } from './coincidence.ts'
import { pick, sumOf } from './compute.ts'
import type { Filter } from './filters.ts'
import { everyRow, narrowed } from './filters.ts'
import { sayRows, short, type Trial } from './trial.ts'
import type { Threshold } from './thresholds.ts'

/** Numbers of rows, or of different values of a column that is named. */
export function* readCounts(asked: Asked, thresholds: readonly Threshold[]): Generator<Trial> {
  const { figure, view } = asked
  if (!view.table.whole) return
  yield* ofCounts(asked)
  if (figure.kind === 'percent' && absent.test(view.text)) yield* missing(asked)
  const isOfTime = figure.unit !== null && timeUnits.has(figure.unit) && timeColumn(view.table) !== null
  if (figure.kind !== 'number' || (figure.unit !== null && !isOfTime && !/\bof (?:the |all )?$/i.test(asked.before)))
    return
  const isNamed = asked.operations.has('count') || asked.operations.has('distinct')
  const isOfThings = isThing(asked)
  if (absent.test(view.text)) yield* missing(asked)
  yield* withAny(asked)
  if ((!isNamed || computes(asked)) && namesNumbers(asked) && !isOfThings) return
  for (const { filter, bound } of filtersFor(asked, thresholds)) {
    const count = filter.rows?.length ?? view.table.rowCount
    // Any rows have a number: without a word for it, or for what they are, a figure says nothing of that.
    const isCounted = filter.rows !== null && count > 1 && filter.mentions.length + (filter.bounds?.length ?? 0) > 0
    if (bound === undefined && !isNamed && !isOfThings && !isCounted) continue
    yield {
      ...trial(asked, filter, null, count, isNamed && asked.named !== 'own'),
      ...(bound === undefined && filter.bounds === undefined ? {} : { bound: bound ?? filter.bounds?.[0] }),
    }
    for (const column of namedTexts(asked, filter))
      yield trial(asked, filter, column, distinctWhere(asked, column, filter), false)
  }
}

/** "two months" are rows where each row is a month. */
const timeUnits: ReadonlySet<string> = new Set(['h', 'd', 'w', 'mo', 'y'])

const counting = /^(?:counts?|n|size|freq(?:uency)?|respondents|observations|rows|cases|records|n_\w+|\w+_count)$/i

/** Of a table of counts: what those of the rows that words name add up to. */
function* ofCounts(asked: Asked): Generator<Trial> {
  const { view, figure } = asked
  const column = view.table.columns.find(({ name, kind }) => kind === 'number' && counting.test(name))
  if (
    column === undefined ||
    namesNumbers(asked) ||
    (figure.kind !== 'number' && figure.kind !== 'percent') ||
    figure.unit === 'points'
  )
    return
  for (const filter of [...asked.filters.slice(0, 4), everyRow]) {
    const picked = pick(column, filter.rows, view.table.rowCount)
    if (picked.numbers.length === 0) continue
    const value = picked.compute(sumOf)
    if (figure.kind === 'percent' && (filter.rows === null || column.sum <= 0)) continue
    yield {
      ...trial(
        asked,
        { ...filter, mentions: [] },
        column,
        figure.kind === 'percent' ? (100 * value) / column.sum : value,
        false,
      ),
      how: `sum of ${short(column.name)} over ${sayRows(filter, view.table)}`,
    }
  }
}

const absent =
  /\b(?:missing|absent|unknown|empty|null|blank|not (?:recorded|known|available|given)|unrecorded|fehl\w*)\b/i

/** Rows without a value in a column that the sentence names. */
function* missing(asked: Asked): Generator<Trial> {
  const { view, figure } = asked
  const columns = [...new Set(view.columns.flatMap((mention) => mention.columns))].slice(0, 4)
  for (const column of columns) {
    const rows: number[] = []
    for (let row = 0; row < view.table.rowCount; row += 1) if (isMissing(column, row)) rows.push(row)
    const value = figure.kind === 'percent' ? (100 * rows.length) / Math.max(1, view.table.rowCount) : rows.length
    yield {
      ...trial(asked, { rows, mentions: [] }, column, value, false),
      how: `rows without ${short(column.name)} of ${short(view.table.title)}`,
    }
  }
}

function isMissing(column: Column, row: number): boolean {
  return column.kind === 'number' ? Number.isNaN(column.numbers[row] ?? Number.NaN) : column.textOf(row).trim() === ''
}

const without = /\b(?:no|not|none|without|zero|nothing|never)\b/i
/** Verbs of what a column measures, which say that there was some: "it rained on 4 days". */
const some = /\b(?:rained|snowed|had|has|have|with|saw|recorded|any|some|non-?zero|positive)\b/i

/**
 * "It rained on 4 of the 7 days", "two stores without returns": rows with more than nothing, or with nothing, in a column
 * that is named.
 */
function* withAny(asked: Asked): Generator<Trial> {
  const { view } = asked
  const isNone = without.test(view.text)
  if (!isNone && !some.test(view.text)) return
  const columns = [...new Set(view.columns.flatMap((mention) => mention.columns))].filter(
    ({ kind }) => kind === 'number',
  )
  for (const column of columns.slice(0, 3)) {
    if (!column.filled.includes(0)) continue
    const rows: number[] = []
    for (let row = 0; row < view.table.rowCount; row += 1) {
      const value = column.numbers[row] ?? Number.NaN
      if (isNone ? value === 0 : value > 0) rows.push(row)
    }
    yield {
      ...trial(asked, { rows, mentions: [] }, column, rows.length, false),
      how: `rows with ${isNone ? 'no' : 'some'} ${short(column.name)} of ${short(view.table.title)}`,
    }
  }
}

interface Counted {
  readonly filter: Filter
  readonly bound?: Figure
}

function filtersFor(asked: Asked, thresholds: readonly Threshold[]): readonly Counted[] {
  const bounds = thresholds.filter(({ figure }) => figure !== asked.figure)
  const bases = [...asked.filters, ...asked.own]
  const free = bases
    .filter(({ rows }, at) => bases.findIndex((other) => other.rows === rows) === at)
    .map((filter): Counted => ({ filter }))
  // "3 of the 12": the second says of how many, which no condition makes fewer.
  if (/\b(?:out )?of (?:the |all |these )*$/i.test(asked.before))
    return [{ filter: everyRow }, ...free, ...asked.filters.flatMap(withoutFlags)]
  const bounded = bounds.flatMap(({ filter, figure }) =>
    bases.map((base): Counted => ({ filter: join(base, filter), bound: figure })),
  )
  return bounded.length > 0 ? bounded : free
}

/** "91 of 94 women survived": of those who may have. */
function withoutFlags({ mentions }: Filter): readonly Counted[] {
  const rest = mentions.filter(({ isFlag }) => isFlag !== true)
  return rest.length === mentions.length || rest.length === 0 ? [] : [{ filter: rest.reduce(narrowed, everyRow) }]
}

function join(left: Filter, right: Filter): Filter {
  if (left.rows === null) return right
  const set = new Set(right.rows)
  return { rows: left.rows.filter((row) => set.has(row)), mentions: left.mentions }
}

/** Is a column of numbers named wholly for this figure? A part of a name, as "passengers" of PassengerId, says what is counted. */
function namesNumbers({ named, view, from, to, columns }: Asked): boolean {
  return (
    named === 'own' &&
    view.columns.some(
      (mention) =>
        mention.share === 1 &&
        mention.start >= from &&
        mention.end <= to &&
        mention.columns.some((column) => columns.includes(column) && column.kind === 'number'),
    )
  )
}

/** Do the words ask for something else than how many? */
function computes({ operations }: Asked): boolean {
  return operations.has('sum') || operations.has('mean') || operations.has('median') || operations.has('deviation')
}

const namesOfRows = new WeakMap<IndexedTable, ReadonlySet<string>>()

/** Stems of words that say what the rows of a table are. */
function namesOf(table: IndexedTable): ReadonlySet<string> {
  const known = namesOfRows.get(table)
  if (known !== undefined) return known
  const names = new Set(tokensOf(`${table.title} rows entries records items results`).map(({ text }) => stem(text)))
  for (const { kind, words } of table.columns) if (kind !== 'number') for (const word of words) names.add(word)
  namesOfRows.set(table, names)
  return names
}

/** Does the word behind the figure say what the rows are: by a column of texts, the table's name, "rows"? */
function isThing(asked: Asked): boolean {
  const words = tokensOf(asked.after.slice(0, 60))
    .slice(0, 4)
    .map(({ text }) => stem(text))
  const names = namesOf(asked.view.table)
  return (
    words.some((word) => names.has(word)) ||
    /^\s*(?:out )?of\b/.test(asked.after) ||
    /\b(?:out )?of (?:the |all )?$/i.test(asked.before) ||
    asked.view.values.some(({ start, strong }) => strong && start >= asked.figure.end && start - asked.figure.end <= 2)
  )
}

function namedTexts(asked: Asked, { mentions }: Filter): readonly Column[] {
  const near = asked.view.columns.filter(({ start }) => start >= asked.figure.end && start - asked.figure.end <= 24)
  const columns = near
    .flatMap((mention) => mention.columns)
    .filter((column) => !mentions.some((mention) => mention.column === column))
  return [...new Set(columns)].slice(0, 4)
}

/** How many different values there are; NaN, without a look at them, where the figure says more than there are rows. */
function distinctWhere({ figure, view }: Asked, column: Column, filter: Filter): number {
  const most = filter.rows?.length ?? view.table.rowCount
  const isMore = [figure, ...figure.others].every(({ low }) => low > most + 1)
  return isMore ? Number.NaN : distinct(column, filter)
}

function distinct(column: Column, { rows }: Filter): number {
  if (rows === null) return column.distinct
  const values = new Set<string>()
  for (const row of rows) values.add(column.textOf(row))
  values.delete('')
  return values.size
}

function trial(asked: Asked, filter: Filter, column: Column | null, count: number, firm: boolean): Trial {
  const { figure, view } = asked
  const what = column === null ? 'count' : `number of different values of ${short(column.name)}`
  return {
    verdict: 'computed',
    value: count,
    fits: fits(figure, count),
    firm,
    table: view.table,
    column,
    rows: (filter ?? everyRow).rows,
    ...(column === null ? { mentions: filter.mentions } : {}),
    how: `${what} over ${sayRows(filter, view.table)}`,
    chance: () => anyOf([Math.min(0.5, chanceOfForm(figure))]),
  }
}
