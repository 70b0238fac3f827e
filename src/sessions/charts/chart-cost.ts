import type { JsonValue } from '../../core/json.ts'
import { isObject, listOf, type Json } from './chart-data.ts'

/** Numbers of a chart that say how often something is made, by the names of their members, and the largest of each. */
const largest: Readonly<Record<string, number>> = {
  steps: 1_000,
  minsteps: 1_000,
  maxsteps: 1_000,
  maxbins: 1_000,
  tickCount: 1_000,
  count: 1_000,
  // Of a polynomial.
  order: 10,
  // Pixels, by which ticks are counted.
  width: 5_000,
  height: 5_000,
}

/** Marks that are drawn, over all views of a chart. */
const mostMarks = 100_000
/** Views within one chart, each of which has its axes. */
const mostViews = 100
/** Rows that a curve is smoothed through, each by all others. */
const mostSmoothed = 5_000
/** Lists within lists of a value. */
const mostDepth = 8
/** Bins of an axis that has steps of its own. */
const mostBins = 1_000

/** What is wrong with the size that a member asks for; null for nothing. */
export function faultOfSize(value: JsonValue, name: string): string | null {
  const most = Object.hasOwn(largest, name) ? largest[name] : undefined
  if (most === undefined) return null
  const isComputed = isObject(value) && ('expr' in value || 'signal' in value)
  const isLarge = typeof value === 'number' && !(Math.abs(value) <= most)
  // An interval of time has as many ticks as the dates of its axis.
  const isInterval = name === 'tickCount' && typeof value !== 'number'
  if (!isComputed && !isLarge && !isInterval) return null
  return `its ${name} is more than ${most.toLocaleString('en')}, or not known before it is drawn`
}

/**
 * What would be made of a chart that keeps a page from answering; null for nothing. A drawing is not interrupted once it has begun, so that what comes of rows
 * by transforms, repeated views and bins is counted before. `rows`: what the chart as a whole is drawn of.
 */
export function faultOfCost(spec: Json, rows: readonly JsonValue[]): string | null {
  const cost = costOf(spec, { rows, count: rows.length, isDerived: false })
  if (typeof cost === 'string') return cost
  if (cost.views > mostViews) return `it has more than ${mostViews} views`
  return cost.marks > mostMarks ? `it would draw more than ${mostMarks.toLocaleString('en')} marks` : null
}

interface Table {
  /** As they were given. */
  readonly rows: readonly JsonValue[]
  /** How many there are at most, behind transforms. */
  readonly count: number
  /** Has a transform made values that were not given? */
  readonly isDerived: boolean
}

interface Cost {
  readonly views: number
  readonly marks: number
}

function costOf(spec: Json, above: Table): Cost | string {
  const { data } = spec
  const own = isObject(data) ? listOf(data['values']) : null
  let table = own === null ? above : { rows: own, count: own.length, isDerived: false }
  for (const transform of listOf(spec['transform'])) {
    const next = isObject(transform) ? transformed(table, transform) : table
    if (typeof next === 'string') return next
    table = next
  }
  const fault = faultOfBins(spec, table)
  if (fault !== null) return fault
  const parts = ['layer', 'concat', 'hconcat', 'vconcat'].flatMap((name) => listOf(spec[name]).filter(isObject))
  const inner = isObject(spec['spec']) ? [spec['spec']] : []
  let cost: Cost = { views: 1, marks: table.count }
  if (parts.length + inner.length > 0) {
    cost = { views: 0, marks: 0 }
    for (const part of [...parts, ...inner]) {
      const more = costOf(part, table)
      if (typeof more === 'string') return more
      cost = { views: cost.views + more.views, marks: cost.marks + more.marks }
    }
  }
  const times = repeatsOf(spec['repeat'])
  return { views: cost.views * times * facetsOf(spec, table), marks: cost.marks * times }
}

function repeatsOf(repeat: JsonValue | undefined): number {
  if (Array.isArray(repeat)) return repeat.length
  if (!isObject(repeat)) return 1
  return Object.values(repeat).reduce<number>((product, list) => product * Math.max(1, listOf(list).length), 1)
}

/** How many views the rows are parted into: one for each value of a field, and for each row where the field is none that was given. */
function facetsOf(spec: Json, table: Table): number {
  const { encoding, facet } = spec
  const channels = isObject(encoding) ? [encoding['row'], encoding['column'], encoding['facet']] : []
  const facets = isObject(facet) ? ('field' in facet ? [facet] : [facet['row'], facet['column']]) : []
  return [...channels, ...facets].filter(isObject).reduce((product, { field, bin, timeUnit }) => {
    const isGiven = typeof field === 'string' && !table.isDerived && bin === undefined && timeUnit === undefined
    if (!isGiven) return product * Math.max(1, table.count)
    const values = new Set(table.rows.map((row) => JSON.stringify(isObject(row) ? (row[field] ?? null) : row)))
    return product * Math.max(1, values.size)
  }, 1)
}

/** Makes rows of the numbers of a transform; a sentence for one that cannot be counted. */
function transformed(table: Table, transform: Json): Table | string {
  const times = (factor: number): Table => ({ ...table, count: table.count * factor, isDerived: true })
  const groups = listOf(transform['groupby']).length > 0 ? table.count : 1
  if ('fold' in transform) return times(Math.max(1, listOf(transform['fold']).length))
  if ('flatten' in transform) return times(longestIn(table))
  if ('density' in transform) {
    const { steps, maxsteps = 200 } = transform
    return { ...table, count: groups * Number(steps ?? maxsteps), isDerived: true }
  }
  if ('quantile' in transform) {
    const { probs, step = 0.01 } = transform
    const count = Array.isArray(probs) ? probs.length : 1 / Number(step)
    return { ...table, count: groups * (Number.isFinite(count) ? Math.abs(count) : Infinity), isDerived: true }
  }
  if ('impute' in transform) return times(1 + stepsOf(transform['keyvals']))
  if ('loess' in transform && table.count > mostSmoothed) {
    return `it smooths a curve through more than ${mostSmoothed.toLocaleString('en')} rows`
  }
  const keepsValues = ['filter', 'sample'].some((name) => name in transform)
  return keepsValues ? table : { ...table, isDerived: true }
}

/** Members of the longest list of the rows, or letters of the longest text, which an expression takes apart. */
function longestIn({ rows, isDerived }: Table): number {
  const lengthOf = (value: JsonValue, depth: number): number => {
    if (typeof value !== 'object' || value === null) return isDerived && typeof value === 'string' ? value.length : 1
    if (depth > mostDepth) return Infinity
    const own = Array.isArray(value) ? value.length : 1
    const inner: readonly JsonValue[] = Object.values(value)
    return inner.reduce<number>((most, each) => Math.max(most, lengthOf(each, depth + 1)), own)
  }
  return rows.reduce<number>((most, row) => Math.max(most, lengthOf(row, 0)), 1)
}

/** How many values a list, or `{start, stop, step}`, has. */
function stepsOf(values: JsonValue | undefined): number {
  if (!isObject(values)) return listOf(values).length
  const { start = 0, stop, step = 1 } = values
  const count = (Number(stop) - Number(start)) / Number(step)
  return Number.isFinite(count) ? Math.abs(count) : Infinity
}

/** Bins with steps of their own are as many as the values are wide. */
function faultOfBins(spec: Json, table: Table): string | null {
  const { encoding } = spec
  const places = isObject(encoding) ? Object.values(encoding).filter(isObject) : []
  const transforms = listOf(spec['transform']).filter(isObject)
  for (const { bin, scale } of [...places, ...transforms] as readonly Json[]) {
    const bins = isObject(scale) ? scale['bins'] : undefined
    if (isObject(bins) && !(stepsOf({ ...bins, start: bins['start'] ?? 0 }) <= mostBins)) return tooManyBins
    if (!isObject(bin) || bin['step'] === undefined) continue
    if (table.isDerived || !(widthOf(table.rows) / Math.abs(Number(bin['step'])) <= mostBins)) return tooManyBins
  }
  return null
}

const tooManyBins = `it has more than ${mostBins.toLocaleString('en')} bins, or as many as what it computes`

/** From the least to the largest number among the values. */
function widthOf(rows: readonly JsonValue[]): number {
  let [least, largestOne] = [Infinity, -Infinity]
  for (const row of rows) {
    for (const value of isObject(row) ? Object.values(row) : [row]) {
      if (typeof value !== 'number') continue
      least = Math.min(least, value)
      largestOne = Math.max(largestOne, value)
    }
  }
  return largestOne >= least ? largestOne - least : 0
}
