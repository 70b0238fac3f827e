import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { stem, tokensOf } from '../words/tokens.ts'
import { saysMore } from '../words/unread.ts'
import type { ValueMention } from '../words/value-mentions.ts'
import { slotsOf, isTight } from './filters.ts'
import type { Figure } from '../figures/figure.ts'
import type { View } from './view.ts'

interface Place {
  readonly start: number
  readonly end: number
}

/** What a reading rests on, in the part of a sentence that it was read from. */
export interface Reading extends Place {
  readonly figure: Place
  /** Null for a number of rows. */
  readonly column: Column | null
  /** The values that name its rows. */
  readonly mentions: readonly ValueMention[]
}

/**
 * Do the words leave one reading alone? Only then may another value speak against a figure: one column is named by its whole name, each value
 * of the sentence is one of the rows' names and competes with no other, and no word is left that could mean something else.
 */
export function isCertain(view: View, reading: Reading): boolean {
  return hasOneColumn(view, reading) && hasOneFilter(view, reading) && isReadWhole(view, reading)
}

/** Every name of a column in this part is that of the reading's column, and one of them names it wholly. */
function hasOneColumn(view: View, { start, end, column, mentions }: Reading): boolean {
  const said = view.columns.filter(
    (mention) =>
      mention.start >= start &&
      mention.end <= end &&
      !mentions.some((value) => mention.columns.includes(value.column) && isBeside(mention, value)),
  )
  if (column === null) return said.every(({ columns }) => columns.every(({ kind }) => kind === 'text'))
  return (
    said.every(({ columns }) => columns.length === 1 && columns[0] === column) && said.some(({ share }) => share === 1)
  )
}

/** "the region North", "North region". */
function isBeside(left: Place, right: Place): boolean {
  return Math.max(left.start, right.start) - Math.min(left.end, right.end) <= 5
}

/** Each value that the sentence names is one by which the rows were taken, and none stands in the place of another. */
function hasOneFilter(view: View, { figure, mentions, start, end }: Reading): boolean {
  const others = view.values.filter((value) => value.figure === undefined || value.figure.start !== figure.start)
  // What stands in another part of the sentence may be about that part alone.
  if (mentions.some((mention) => !mention.strong || mention.end > end || mention.start < start - 80)) return false
  const isUsed = (value: ValueMention): boolean =>
    mentions.some((mention) => mention.start === value.start && mention.end === value.end)
  return slotsOf(others).every(
    (slot) =>
      slot.every((spot) => spot.mentions.some(isUsed)) ||
      slot.some((spot) => spot.mentions.some(isUsed) && isTight(view, spot, figure as Figure)),
  )
}

/** Is each word read between the signs around a place? */
export function isReadAround(view: View, { start, end }: Place): boolean {
  const offset = view.sentence.start
  const first =
    offset + Math.max(-1, ...[',', ';', ':', '('].map((sign) => view.text.lastIndexOf(sign, start - offset))) + 1
  const [{ index } = { index: view.text.length }] = view.text.slice(end - offset).matchAll(/[,;:()]/g)
  return isReadBetween(view, first, Math.min(end + index, view.sentence.end))
}

/** No word of this part is left that says something by itself, from the first one on that the reading rests on. */
function isReadWhole(view: View, reading: Reading): boolean {
  return isReadBetween(view, firstRead(view, reading), reading.end)
}

const titles = new WeakMap<IndexedTable, ReadonlySet<string>>()

function wordsOfTitle(table: IndexedTable): ReadonlySet<string> {
  const known = titles.get(table)
  if (known !== undefined) return known
  const words = new Set(tokensOf(table.title).map(({ text }) => stem(text)))
  titles.set(table, words)
  return words
}

function isReadBetween(view: View, start: number, end: number): boolean {
  const title = wordsOfTitle(view.table)
  const read: readonly Place[] = [
    ...view.values,
    ...view.columns,
    ...view.figures,
    ...view.operations,
    ...view.directions,
  ]
  return view.sentence.tokens
    .filter((token) => token.start >= start && token.end <= end && saysMore(token) && !title.has(stem(token.text)))
    .every((token) => read.some((place) => place.start <= token.start && place.end >= token.end))
}

function firstRead(view: View, { start, figure, column, mentions }: Reading): number {
  const lead = view.text.slice(start - view.sentence.start, figure.start - view.sentence.start)
  const clause = start + Math.max(-1, ...[',', ';', ':', '('].map((sign) => lead.lastIndexOf(sign))) + 1
  const names = view.columns.filter(
    ({ columns, start: at }) => at >= start && column !== null && columns.includes(column),
  )
  return Math.min(clause, ...[...names, ...mentions].map(({ start: at }) => at).filter((at) => at >= start))
}
