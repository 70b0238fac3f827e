import type { Column } from '../tables/column.ts'
import { timeColumn, timesOf } from '../words/place-in-time.ts'
import type { Asked } from './asked.ts'
import { highest, lowest, meanOf, pick, sumOf } from './compute.ts'
import { narrowed, slotsOf, type Filter } from './filters.ts'
import { seriesOf } from './read-across.ts'
import { short } from './trial.ts'
import type { View } from './view.ts'

/** One of two things that a difference is between. */
export interface Side {
  readonly value: number
  readonly rows: readonly number[]
  readonly said: string
  readonly mentions?: Filter['mentions']
  /** The year or the day that names it. */
  readonly time?: number
}

const mostPairs = 12

/** Pairs of things that words about a figure compare: two that are named, the ends of a time or of a series, or one beside the mean. */
export function pairsOf(asked: Asked, column: Column): readonly (readonly [Side, Side])[] {
  const { view } = asked
  const slots = slotsOf(
    view.values.filter(({ figure, strong, isFlag }) => figure !== asked.figure && (strong || isFlag === true)),
  )
  const pairs: (readonly [Side, Side])[] = []
  for (const slot of slots.filter((spots) => spots.length >= 2)) {
    const others = slots
      .filter((other) => other !== slot && other.length === 1)
      .flatMap((other) => other[0]?.mentions.slice(0, 1) ?? [])
    const sides = slot.flatMap(({ mentions }) =>
      mentions
        .slice(0, 2)
        .map((mention) => sideOf(asked, column, [mention, ...others].reduce(narrowed, { rows: null, mentions: [] }))),
    )
    for (const [at, left] of sides.entries()) {
      for (const right of sides.slice(at + 1))
        if (left !== null && right !== null && left.said !== right.said) pairs.push([left, right])
    }
  }
  if (operationsOf(asked).has('max') && operationsOf(asked).has('min')) pairs.push(...endsPair(asked, column))
  if (beforeIt.test(view.text)) pairs.push(...overTime(asked, column))
  pairs.push(...overSeries(asked), ...besideColumn(asked))
  if (/\b(?:average|mean|avg)\b/i.test(view.text)) pairs.push(...besideMean(asked, column))
  if (pairs.length === 0 && asked.operations.has('change')) pairs.push(...overTime(asked, column))
  return pairs.slice(0, mostPairs)
}

const beforeIt =
  /\b(?:than|on|from|over|versus|vs\.?|compared (?:to|with))? ?(?:the |a )?(?:(?:day|week|month|quarter|year|season) (?:before|earlier|ago)|(?:previous|prior|preceding|last) (?:day|week|month|quarter|year|season))\b/i

function operationsOf({ view }: Asked): ReadonlySet<string> {
  return new Set(view.operations.map(({ operation }) => operation))
}

/** "between the best and the worst": the highest and the lowest of the rows. */
function endsPair(asked: Asked, column: Column): (readonly [Side, Side])[] {
  return [...asked.filters.slice(0, 2), { rows: null, mentions: [] }].flatMap(({ rows }): (readonly [Side, Side])[] => {
    if (rows === null && !asked.view.table.whole) return []
    const picked = pick(column, rows, asked.view.table.rowCount)
    if (picked.numbers.length < 2) return []
    const side = (of: typeof highest, said: string): Side => {
      const value = picked.compute(of)
      return { value, rows: [picked.rows[picked.numbers.indexOf(value)] ?? 0], said }
    }
    return [[side(highest, 'the highest'), side(lowest, 'the lowest')]]
  })
}

function sideOf(asked: Asked, column: Column, filter: Filter): Side | null {
  const picked = pick(column, filter.rows, asked.view.table.rowCount)
  if (picked.numbers.length === 0) return null
  const mean = asked.view.operations.some(({ operation }) => operation === 'mean')
  const time = timeOfRows(filter)
  return {
    value: picked.compute(mean ? meanOf : sumOf),
    rows: picked.rows,
    mentions: filter.mentions,
    said: filter.mentions.map(({ column, rows, figure }) => figure?.text ?? column.textOf(rows[0] ?? 0)).join(', '),
    ...(time === undefined ? {} : { time }),
  }
}

/** The day or the year by which rows are named: as a figure, or in words as "in May". */
function timeOfRows({ mentions }: Filter): number | undefined {
  const named = mentions.find(({ figure }) => figure?.kind === 'date')?.figure?.low
  const period = mentions.find(({ column }) => column.kind === 'date')
  return named ?? period?.column.numbers[period.rows[0] ?? -1]
}

/** Two columns that a sentence names by their years: "from 2018 to 2019" of units_2018 and units_2019. */
function besideColumn(asked: Asked): (readonly [Side, Side])[] {
  const [first, second] = columnsOfYears(asked.view)
  if (first === undefined || second === undefined) return []
  return asked.filters.flatMap((filter): (readonly [Side, Side])[] => {
    const [left, right] = [sideOf(asked, second.column, filter), sideOf(asked, first.column, filter)]
    if (left === null || right === null) return []
    return [
      [
        { ...left, said: short(second.column.name), time: second.year },
        { ...right, said: short(first.column.name), time: first.year },
      ],
    ]
  })
}

/**
 * "lost 46 over the four years", "last year it added 7": the last of a series of columns beside its first, or beside the one
 * before it.
 */
function overSeries(asked: Asked): (readonly [Side, Side])[] {
  const series = seriesOf(asked.view.table.columns)
  const [first, before, last] = [series[0], series.at(-2), series.at(-1)]
  if (first === undefined || before === undefined || last === undefined) return []
  if (columnsOfYears(asked.view).length > 0) return []
  const isLast =
    /\b(?:last|previous|past|latest|this) (?:year|quarter|month|week)\b|\byear[ -]on[ -]year\b/i.test(
      asked.view.text,
    ) || asked.context.operations.has('change')
  const columns = isLast ? [before, first] : [first]
  const filters = asked.filters.some(({ rows }) => rows === null)
    ? asked.filters
    : [...asked.filters, { rows: null, mentions: [] }]
  return filters.slice(0, 4).flatMap((filter) =>
    columns.flatMap((column): (readonly [Side, Side])[] => {
      const [left, right] = [sideOf(asked, last, filter), sideOf(asked, column, filter)]
      if (left === null || right === null) return []
      return [
        [
          { ...left, said: short(last.name), time: 1 },
          { ...right, said: short(column.name), time: 0 },
        ],
      ]
    }),
  )
}

/** The two columns of a table with a column for each year that a sentence names, the earlier one first. */
export function columnsOfYears(view: View): readonly { readonly column: Column; readonly year: number }[] {
  const found = view.columns.flatMap(({ columns: [column], start, end }) => {
    const [year] =
      /\b(?:19|20)\d\d\b/.exec(view.text.slice(start - view.sentence.start, end - view.sentence.start)) ?? []
    return column === undefined || year === undefined || column.kind !== 'number'
      ? []
      : [{ column, year: Number(year) }]
  })
  const different = found.filter(({ column }, at) => found.findIndex((other) => other.column === column) === at)
  return different.length === 2 ? different.toSorted((left, right) => left.year - right.year) : []
}

function besideMean(asked: Asked, column: Column): (readonly [Side, Side])[] {
  const picked = pick(column, null, asked.view.table.rowCount)
  const mean = {
    value: picked.compute(meanOf),
    rows: picked.rows,
    said: `the mean of ${picked.numbers.length} rows`,
  }
  return asked.filters.flatMap((filter): (readonly [Side, Side])[] => {
    const side = filter.rows === null ? null : sideOf(asked, column, filter)
    return side === null ? [] : [[side, mean]]
  })
}

/** The first and the last row of those that are named, by the column of years or dates, or as they stand. */
function overTime(asked: Asked, column: Column): (readonly [Side, Side])[] {
  const { table } = asked.view
  const time = table.columns.find(({ kind, isYears }) => kind === 'date' || isYears)
  return asked.filters.flatMap((filter): (readonly [Side, Side])[] => {
    const { rows, numbers } = pick(column, filter.rows, table.rowCount)
    const [first, last] = endsOf(rows, (at) => time?.numbers[rows[at] ?? 0] ?? at)
    const sideAt = (at: number, order: number): Side => ({
      value: numbers[at] ?? 0,
      rows: [rows[at] ?? 0],
      said: time === undefined ? `row ${(rows[at] ?? 0) + 1}` : short(time.textOf(rows[at] ?? 0)),
      time: order,
    })
    const group = besideGroup(asked, column, filter)
    if (group !== null) return [group]
    if (rows.length > 1) return [[sideAt(last, rows.length - 1), sideAt(first, 0)]]
    // What one year has over the one before it.
    const row = rows[0]
    if (row === undefined || time === undefined) return []
    return before(column, time, row, table.rowCount).map((earlier) => [
      { value: numbers[0] ?? 0, rows: [row], said: short(time.textOf(row)) },
      earlier,
    ])
  })
}

/** "The dip in Q3": rows of a named time beside those of the time before it. */
function besideGroup(asked: Asked, column: Column, filter: Filter): readonly [Side, Side] | null {
  const time = timeColumn(asked.view.table)
  const mention = filter.mentions.find((value) => value.column === time)
  const [row] = mention?.rows ?? []
  if (time?.kind !== 'text' || mention === undefined || row === undefined) return null
  const times = timesOf(time, asked.view.table.rowCount)
  const at = times.findIndex((rows) => rows.includes(row))
  const earlier = times[at - 1]
  if (at < 1 || earlier === undefined) return null
  const rest = filter.mentions.filter((value) => value !== mention)
  const before = rest.reduce(narrowed, { rows: earlier, mentions: [] } as Filter)
  const [left, right] = [sideOf(asked, column, filter), sideOf(asked, column, before)]
  return left === null || right === null ? null : [left, { ...right, said: short(time.textOf(earlier[0] ?? 0)) }]
}

/** The places of the first and the last of some rows by their time; of equal ones, as they stand. Rows without a time are left out. */
function endsOf(rows: readonly number[], timeAt: (at: number) => number): readonly [number, number] {
  let [first, last] = [0, 0]
  let [low, high] = [Infinity, -Infinity]
  for (let at = 0; at < rows.length; at += 1) {
    const time = timeAt(at)
    if (time < low) [first, low] = [at, time]
    if (time >= high) [last, high] = [at, time]
  }
  return [first, last]
}

function before(column: Column, time: Column, row: number, rowCount: number): Side[] {
  const at = time.numbers[row] ?? Number.NaN
  let best = -1
  for (let other = 0; other < rowCount; other += 1) {
    const value = time.numbers[other] ?? Number.NaN
    if (value < at && (best === -1 || value > (time.numbers[best] ?? Number.NaN))) best = other
  }
  return best === -1
    ? []
    : [{ value: column.numbers[best] ?? Number.NaN, rows: [best], said: short(time.textOf(best)) }]
}
