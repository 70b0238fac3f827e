import type { Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { ColumnMention } from '../words/column-mentions.ts'
import type { Operation } from '../words/operations.ts'
import { everyRow, filtersOf, isTight, narrowed, slotsOf, type Alignment, type Filter } from './filters.ts'
import type { View } from './view.ts'

/** What the words about a figure ask for. */
export interface Asked {
  readonly figure: Figure
  readonly view: View
  readonly alignment: Alignment
  /** What stands right before the figure, since the figure before it, and right behind it, up to where another part of the sentence begins. */
  readonly before: string
  readonly after: string
  readonly from: number
  readonly to: number
  readonly columns: readonly Column[]
  /** Do words about this very figure name the column? `sentence`: words elsewhere in its sentence do. `context`: those of an earlier one. */
  readonly named: 'own' | 'sentence' | 'context' | 'none'
  readonly operations: ReadonlySet<Operation>
  readonly filters: readonly Filter[]
  /** Rows that words about this very figure name, every row where there are none. */
  readonly own: readonly Filter[]
}

/** What earlier sentences, or the question, have named. */
export interface Context {
  readonly columns: readonly Column[]
  readonly filters: readonly Filter[]
}

const separator = /[,;:()|\n]|\s[-–—]\s|\b(?:and|but|while|whereas|compared|versus|vs|followed|from|with)\b/gi
const mostColumns = 6

export function askedOf(
  view: View,
  figure: Figure,
  alignment: Alignment,
  earlier: { readonly asked: Asked | null; readonly context: Context },
): Asked {
  const claims = claimsOf(view)
  const at = claims.indexOf(figure)
  const from = claims[at - 1]?.end ?? view.sentence.start
  const next = claims[at + 1]?.start ?? view.sentence.end
  const textAt = (start: number, end: number): string =>
    view.text.slice(start - view.sentence.start, end - view.sentence.start)
  const behind = textAt(figure.end, next)
  const cut = [...behind.matchAll(separator)].find(({ index }) => index > 0)?.index ?? behind.length
  const to = figure.end + cut
  const operations = new Set(
    view.operations
      .filter(({ start, end }) => (start >= from && end <= figure.start) || (start >= figure.end && end <= to))
      .map(({ operation }) => operation),
  )
  const isTightly =
    view.values.some((value) => value.figure !== figure && isTight(view, value, figure)) &&
    !view.figures.some((other) => other !== figure && other.end <= figure.start && figure.start - other.end <= 8)
  const own = columnsAround(view, figure, from, to)
  const inherits = own.length === 0 && earlier.asked !== null && earlier.asked.named !== 'none'
  const { columns, named } = columnsFor(view, own, inherits ? earlier.asked : null, earlier.context)
  const filters = filtersFor(view, figure, alignment, earlier.context)
  return {
    figure,
    view,
    alignment,
    before: textAt(from, figure.start),
    after: textAt(figure.end, to),
    from,
    to,
    columns: columns.slice(0, mostColumns),
    named,
    operations: isTightly
      ? new Set<Operation>()
      : inherits && earlier.asked !== null && [...operations].every((operation) => operation === 'count')
        ? new Set<Operation>([
            ...[...earlier.asked.operations].filter((operation) => operation !== 'count'),
            ...operations,
          ])
        : operations,
    filters,
    own: ownFilters(view, figure, from, to),
  }
}

/** Figures that are no names of rows. */
export function claimsOf(view: View): readonly Figure[] {
  return view.figures.filter((figure) => !view.values.some(({ figure: key }) => key === figure))
}

function columnsAround(view: View, figure: Figure, from: number, to: number): readonly Column[] {
  const usable = (mention: ColumnMention): readonly Column[] =>
    preferred(view, mention).filter((column) => suits(column, figure))
  const after = view.columns.filter(
    ({ start }) => start >= figure.end && start < to && view.sentence.heads === undefined,
  )
  const before = view.columns.filter(({ end }) => end <= figure.start && end > from - 1)
  const [first] = after
  const near = first !== undefined && first.start - figure.end <= 2 ? usable(first) : []
  if (near.length > 0) return near
  const last =
    before
      .toReversed()
      .map(usable)
      .find((columns) => columns.length > 0) ?? []
  const behind = after.map(usable).find((columns) => columns.length > 0) ?? []
  return [...new Set([...last, ...behind])]
}

/** Of columns that words fit alike, those whose other words (a year) stand in the sentence, too. */
function preferred(view: View, { columns, share }: ColumnMention): readonly Column[] {
  if (columns.length === 1 || share === 1) return columns
  const low = view.text.toLowerCase()
  const sized = columns.map((column) => ({ column, said: column.words.filter((word) => low.includes(word)).length }))
  const most = Math.max(...sized.map(({ said }) => said))
  return sized.filter(({ said }) => said === most).map(({ column }) => column)
}

/** Can cells of a column be what a figure of this kind says? */
export function suits(column: Column, figure: Figure): boolean {
  if (figure.kind === 'date') return column.kind === 'date' || (figure.year === true && column.kind === 'number')
  return column.kind === 'number' && !(column.isYears && figure.kind !== 'number')
}

function columnsFor(
  view: View,
  own: readonly Column[],
  before: Asked | null,
  context: Context,
): Pick<Asked, 'columns' | 'named'> {
  if (own.length > 0) return { columns: own, named: 'own' }
  if (before !== null) return { columns: before.columns, named: before.named }
  const said = [...new Set(view.columns.flatMap((mention) => preferred(view, mention)))].filter(
    (column) => column.kind !== 'text',
  )
  if (said.length > 0) return { columns: said, named: 'sentence' }
  const earlier = context.columns.filter((column) => view.table.columns.includes(column))
  return earlier.length > 0 ? { columns: earlier, named: 'context' } : { columns: [], named: 'none' }
}

function filtersFor(view: View, figure: Figure, alignment: Alignment, context: Context): readonly Filter[] {
  const filters = filtersOf(view, figure, alignment)
  const isBare =
    filters.every(({ mentions }) => mentions.length === 0) ||
    view.values.every(({ strong, figure: key }) => !strong || key !== undefined)
  if (!isBare) return filters
  if (
    /\b(?:all|the \d+|every|both) (?:the )?(?:rows|records|entries|groups)\b|\b(?:overall|across all|in total|altogether)\b/i.test(
      view.text,
    )
  )
    return filters
  const earlier = context.filters.filter(({ mentions }) =>
    mentions.every(({ column }) => view.table.columns.includes(column)),
  )
  const joined = earlier
    .flatMap((filter) => filters.map(({ mentions }) => mentions.reduce(narrowed, { ...filter, isEarlier: true })))
    .filter(({ rows }) => rows === null || rows.length > 0)
  return [...filters, ...joined]
}

function ownFilters(view: View, figure: Figure, from: number, to: number): readonly Filter[] {
  const near = view.values.filter(({ start, end, figure: key }) => key !== figure && start >= from && end <= to)
  if (near.length === 0) return [everyRow]
  let filters: Filter[] = [everyRow]
  for (const slot of slotsOf(near)) {
    const spot = slot.findLast(({ start }) => start < figure.start) ?? slot[0]
    if (spot !== undefined)
      filters = filters.flatMap((filter) => spot.mentions.map((mention) => narrowed(filter, mention))).slice(0, 6)
  }
  return filters.filter(({ rows }) => rows === null || rows.length > 0)
}
