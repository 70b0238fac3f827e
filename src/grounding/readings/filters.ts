import type { Figure } from '../figures/figure.ts'
import type { ValueMention } from '../words/value-mentions.ts'
import type { View } from './view.ts'

/** Rows that words name. */
export interface Filter {
  /** Null for every row. */
  readonly rows: readonly number[] | null
  readonly mentions: readonly ValueMention[]
  /** How the rows are said where no single values name them. */
  readonly said?: string
  /** Does an earlier sentence name them, and not this one? */
  readonly isEarlier?: boolean
  /** The figures of conditions that it has: "above 50". */
  readonly bounds?: readonly Figure[]
  /** The rows that these leave. */
  readonly boundRows?: readonly number[]
}

export const everyRow: Filter = { rows: null, mentions: [] }

/** Which of several values of one kind a figure belongs to: the one before it, the one behind it, or the one in its place in a list. */
export type Alignment = 'before' | 'after' | 'respective'

/** A place in a sentence that names values, in one column or more. */
export interface Spot {
  readonly start: number
  readonly end: number
  readonly mentions: readonly ValueMention[]
}

/** Spots that name values of the same columns compete for a figure; spots of different ones narrow it together. */
export function slotsOf(values: readonly ValueMention[]): readonly (readonly Spot[])[] {
  const spots = [...Map.groupBy(values, ({ start, end }) => `${start} ${end}`).values()].map((mentions): Spot => ({
    start: mentions[0]?.start ?? 0,
    end: mentions[0]?.end ?? 0,
    mentions,
  }))
  const slots: Spot[][] = []
  for (const spot of spots) {
    const slot = slots.find((others) =>
      others.some((other) =>
        other.mentions.some(({ column }) => spot.mentions.some((mention) => mention.column === column)),
      ),
    )
    if (slot === undefined) slots.push([spot])
    else slot.push(spot)
  }
  return slots
}

const mostFilters = 12

/** The rows that a figure may be about, the most natural first. Where values contradict one another there are none. */
export function filtersOf(view: View, figure: Figure, alignment: Alignment): readonly Filter[] {
  const others = view.values.filter((value) => value.figure !== figure)
  const all = combined(slotsOf(others), view, figure, alignment)
  const weak = others.some(({ strong }) => !strong)
  if (!weak) return all
  const strong = combined(slotsOf(others.filter((value) => value.strong)), view, figure, alignment)
  return [...all, ...strong].slice(0, mostFilters)
}

function combined(slots: readonly (readonly Spot[])[], view: View, figure: Figure, alignment: Alignment): Filter[] {
  let filters: Filter[] = [everyRow]
  for (const slot of slots) {
    const spot = chosen(slot, view, figure, alignment)
    if (spot === undefined) continue
    filters = filters
      .flatMap((filter) => spot.mentions.map((mention) => narrowed(filter, mention)))
      .slice(0, mostFilters)
  }
  return filters.filter(({ rows }) => rows === null || rows.length > 0)
}

/** The rows of a filter that are among others, too. */
export function meet(filter: Filter, rows: readonly number[]): Filter {
  return { ...filter, rows: both(filter.rows, rows) }
}

export function narrowed(filter: Filter, mention: ValueMention): Filter {
  return { ...filter, rows: both(filter.rows, mention.rows), mentions: [...filter.mentions, mention] }
}

export function both(left: readonly number[] | null, right: readonly number[]): readonly number[] {
  if (left === null) return right
  if (left.length > right.length) return both(right, left)
  if (left.length < 8) return left.filter((row) => right.includes(row))
  const set = new Set(right)
  return left.filter((row) => set.has(row))
}

function chosen(slot: readonly Spot[], view: View, figure: Figure, alignment: Alignment): Spot | undefined {
  if (slot.length === 1) return slot[0]
  const tight = slot.find((spot) => isTight(view, spot, figure) || isRightBehind(view, spot, figure))
  if (tight !== undefined) return tight
  // "from 10 to 15", of two times: the first is of the one that is named first.
  const [, said] = /\b(from|to)\s+[$€£]?$/i.exec(view.text.slice(0, figure.start - view.sentence.start)) ?? []
  const isFirst = /^\s+to\s+[$€£]?\d/i.test(view.text.slice(figure.end - view.sentence.start))
  const ending = said ?? (isFirst ? 'from' : undefined)
  if (
    ending !== undefined &&
    slot.length === 2 &&
    slot.every(({ end }) => end <= figure.start) &&
    view.figures.length > 2
  )
    return slot[ending.toLowerCase() === 'from' ? 0 : 1]
  const before = slot.findLast(({ start }) => start < figure.start)
  const after = slot.find(({ start }) => start >= figure.end)
  if (alignment === 'respective') {
    const claims = view.figures.filter((other) => !view.values.some(({ figure: key }) => key === other))
    return slot[claims.indexOf(figure) % slot.length] ?? before
  }
  return alignment === 'before' ? (before ?? after) : (after ?? before)
}

/** "36 % (Books)": the name stands in brackets behind its figure. */
function isRightBehind(view: View, spot: Spot, figure: Figure): boolean {
  const between = view.text.slice(figure.end - view.sentence.start, spot.start - view.sentence.start)
  // "41.2 (standard deviation 12.6)": what a bracket names and gives a figure for has that one.
  const rest = /^[^()]*/.exec(view.text.slice(spot.end - view.sentence.start))?.[0] ?? ''
  if (/\d/.test(rest)) return false
  return spot.start > figure.end && spot.start - figure.end <= 8 && /^(?:\s+\p{L}+)?\s*\($/u.test(between)
}

/** "A than B (12 against 9)": of two figures that are held against one another each is of a name. */
function isOfPair(view: View, figure: Figure): boolean {
  const rest = view.text.slice(figure.end - view.sentence.start)
  return /^[^()]{0,12}?\s(?:against|vs\.?|versus|compared (?:to|with)|to)\s+[$€£]?\d/.test(rest)
}

/** "Books (12)", "Books: 12": nothing but a sign stands between a name and its figure. */
export function isTight(view: View, spot: { readonly end: number }, figure: Figure): boolean {
  return (
    figure.start >= spot.end &&
    figure.start - spot.end <= 8 &&
    !isOfPair(view, figure) &&
    /^[*_"'’”]*\s*[(:=|–-]\s*[*_]*[$€£~]?$/.test(
      view.text.slice(spot.end - view.sentence.start, figure.start - view.sentence.start),
    )
  )
}
