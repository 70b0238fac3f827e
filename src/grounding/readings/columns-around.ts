import type { Figure } from '../figures/figure.ts'
import { measureOf } from '../figures/units.ts'
import type { Column } from '../tables/column.ts'
import type { ColumnMention } from '../words/column-mentions.ts'
import { suits } from './suits.ts'
import type { View } from './view.ts'

/** The columns that words about a figure name: right behind it, wholly before it, or nearest to it. */
export function columnsAround(view: View, figure: Figure, from: number, to: number): readonly Column[] {
  const usable = (mention: ColumnMention): readonly Column[] =>
    preferred(view, mention).filter((column) => suits(column, figure))
  const after = view.columns.filter(
    (mention) =>
      mention.start >= figure.end &&
      mention.start < to &&
      view.sentence.heads === undefined &&
      !isUnitOf(mention, figure, view),
  )
  const before = view.columns.filter(
    (mention) =>
      mention.end <= figure.start &&
      mention.end > from - 1 &&
      !isBesideKey(mention, view) &&
      !isOfOther(view, mention, { figure, from }),
  )
  const [first] = after
  const near = first !== undefined && first.start - figure.end <= 2 ? usable(first) : []
  const bracket = view.columns.find((mention) => isInBracket(view, figure, mention))
  if (bracket !== undefined && usable(bracket).length > 0) return usable(bracket)
  if (near.length > 0 && first?.share === 1)
    return [...new Set([...near, ...verbBehind(view, first, after).flatMap(usable)])]
  // "the average age of passengers": what is named wholly goes before what stands nearer.
  const lasts = before
    .toReversed()
    .map((mention) => ({ columns: usable(mention), isWhole: mention.share === 1 }))
    .filter(({ columns }) => columns.length > 0)
  const last = (lasts.find(({ isWhole }) => isWhole) ?? lasts[0])?.columns ?? []
  // "The dearest ticket cost 512": a word right before the figure may say of what it is, though another names a column wholly.
  const beside = before.at(-1)
  const right = beside !== undefined && figure.start - beside.end <= 3 ? usable(beside) : []
  const behind = after.map(usable).find((columns) => columns.length > 0) ?? []
  return [...new Set([...near, ...last, ...right, ...behind])]
}

/** "74 of 4,120 defaulted": what stands behind the whole is said of the part. */
export function columnsBehindWhole(
  view: View,
  figure: Figure,
  { behind, next, until }: { readonly behind: string; readonly next: number; readonly until: number },
): readonly Column[] {
  if (!/^\s*(?:out )?of (?:the |its |their |all )?[$€£]?$/i.test(behind)) return []
  const rest = view.text.slice(next - view.sentence.start, until - view.sentence.start)
  const end = next + (/^[^,;:()]*/.exec(rest)?.[0].length ?? 0)
  const mentions = view.columns.filter(({ start, end: last }) => start > next && last <= end)
  return mentions.slice(-1).flatMap(({ columns }) => columns.filter((column) => suits(column, figure)))
}

/** "586 (2025)": the column stands in a bracket behind its figure. */
function isInBracket(view: View, figure: Figure, { start, end }: ColumnMention): boolean {
  const offset = view.sentence.start
  return (
    start > figure.end &&
    start - figure.end <= 4 &&
    /^\s*\($/.test(view.text.slice(figure.end - offset, start - offset)) &&
    /^\s*\)/.test(view.text.slice(end - offset))
  )
}

/** "1,154 loans have defaulted": what those that are counted have done may be the column. */
function verbBehind(view: View, first: ColumnMention, after: readonly ColumnMention[]): readonly ColumnMention[] {
  const second = after[after.indexOf(first) + 1]
  if (second === undefined) return []
  const between = view.text.slice(first.end - view.sentence.start, second.start - view.sentence.start)
  return /^\s+(?:(?:have|has|had|were|was|are|is|that|which|got|been)\s+)+$/i.test(between) ? [second] : []
}

/**
 * "44,598 orders came in, worth €2,964": orders are what the figure before has counted, where this one has a unit that they
 * have not.
 */
function isOfOther(
  { sentence }: View,
  { start, columns }: ColumnMention,
  { figure, from }: { readonly figure: Figure; readonly from: number },
): boolean {
  if (from === sentence.start || start - from > 2 || figure.unit === null || figure.unit === 'points') return false
  return columns.every(({ unit }) => unit === null || unit !== figure.unit)
}

/** "three children", "round 3": a name beside a figure that names rows is that figure's. */
function isBesideKey({ start, end, columns }: ColumnMention, { values }: View): boolean {
  return values.some(
    (value) =>
      value.figure !== undefined &&
      columns.includes(value.column) &&
      (Math.abs(start - value.end) <= 2 || Math.abs(value.start - end) <= 2),
  )
}

/** Is a word behind a figure its unit, and no name of a column: "77.6 years"? */
function isUnitOf({ start, end }: ColumnMention, figure: Figure, view: View): boolean {
  return (
    figure.unit !== null &&
    start - figure.end <= 1 &&
    start >= figure.end &&
    measureOf(view.text.slice(start - view.sentence.start, end - view.sentence.start)) === figure.unit
  )
}

/** Of columns that words fit alike, those whose other words (a year) stand in the sentence, too. */
export function preferred(view: View, { columns, share }: ColumnMention): readonly Column[] {
  if (columns.length === 1 || share === 1) return columns
  const low = view.text.toLowerCase()
  const sized = columns.map((column) => ({ column, said: column.words.filter((word) => low.includes(word)).length }))
  const most = Math.max(...sized.map(({ said }) => said))
  return sized.filter(({ said }) => said === most).map(({ column }) => column)
}
