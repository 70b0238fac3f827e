import type { Figure } from '../figures/figure.ts'
import { measureOf } from '../figures/units.ts'
import type { Column } from '../tables/column.ts'
import type { ColumnMention } from '../words/column-mentions.ts'
import type { Operation } from '../words/operations.ts'
import { everyRow, filtersOf, isTight, meet, narrowed, slotsOf, type Alignment, type Filter } from './filters.ts'
import { suits } from './suits.ts'
import type { Threshold } from './thresholds.ts'
import { unitConflict } from './trial.ts'
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
  /** What earlier sentences, or the question, have named. */
  readonly context: Context
  /** Rows that words about this very figure name, every row where there are none. */
  readonly own: readonly Filter[]
}

/** What earlier sentences, or the question, have named. */
export interface Context {
  readonly columns: readonly Column[]
  readonly filters: readonly Filter[]
  readonly operations: ReadonlySet<Operation>
}

const separator = /[,;:()|\n]|\s[-–—]\s|\b(?:and|but|while|whereas|compared|versus|vs|followed|from|with)\b/gi
const mostColumns = 6
/** What a list computes for each of its entries: "the highest mean is that of A (12), followed by B (10)". */
const kept: ReadonlySet<Operation> = new Set(['mean', 'median', 'sum', 'deviation'])

export function askedOf(
  view: View,
  figure: Figure,
  alignment: Alignment,
  earlier: { readonly asked: Asked | null; readonly context: Context; readonly thresholds: readonly Threshold[] },
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
  const operations = new Set<Operation>(
    view.operations
      .filter(({ start, end }) => (start >= from && end <= figure.start) || (start >= figure.end && end <= to))
      // "the first quarter", "Last Chance": words of a name ask for nothing.
      .filter(({ start, end }) => !view.values.some((value) => value.start <= start && value.end >= end))
      .map(({ operation }) => operation),
  )
  // "+5 %" is a change, whatever words stand beside it.
  if (figure.signed && figure.kind === 'percent') operations.add('change')
  const isTightly =
    view.values.some((value) => value.figure !== figure && isTight(view, value, figure)) &&
    !view.figures.some((other) => other !== figure && other.end <= figure.start && figure.start - other.end <= 8)
  const own = columnsAround(view, figure, from, to)
  const inherits =
    own.length === 0 && earlier.asked !== null && earlier.asked.named !== 'none' && mayBeOf(view, earlier.asked, figure)
  const { columns, named } = columnsFor(view, figure, own, {
    before: inherits ? earlier.asked : null,
    context: earlier.context,
  })
  // What a part of a name says may as well be of what rows are called.
  const more =
    named === 'own' && isNamedPartly(view, own, from, to)
      ? columnsFor(view, figure, [], { before: earlier.asked, context: earlier.context }).columns
      : []
  const free = filtersFor(view, figure, alignment, earlier.context)
  const filters = [...boundedBy(figure, earlier.thresholds, free), ...free]
  return {
    figure,
    view,
    alignment,
    before: textAt(from, figure.start),
    after: textAt(figure.end, to),
    from,
    to,
    columns: [...new Set([...columns, ...more])].slice(0, mostColumns),
    named,
    operations: withEarlier(operations, {
      isTightly,
      before: inherits ? earlier.asked : null,
      context: named === 'context' ? earlier.context : null,
      sentence: inherits ? null : earlier.asked,
    }),
    filters,
    context: earlier.context,
    own: ownFilters(view, figure, from, to),
  }
}

/** What words before a figure have asked for goes on where nothing else is asked beside it. */
function withEarlier(
  operations: ReadonlySet<Operation>,
  earlier: {
    readonly isTightly: boolean
    readonly before: Asked | null
    readonly context: Context | null
    readonly sentence: Asked | null
  },
): ReadonlySet<Operation> {
  const { isTightly, before, context, sentence } = earlier
  const listed = [...((before ?? context)?.operations ?? [])].filter((operation) => kept.has(operation))
  if (isTightly) return new Set(listed)
  if (operations.size === 0 && sentence !== null)
    return new Set([...sentence.operations].filter((operation) => kept.has(operation)))
  if (before !== null && [...operations].every((operation) => operation === 'count' || operation === 'rank'))
    return new Set([...[...before.operations].filter((operation) => operation !== 'count'), ...operations])
  return operations.size === 0 && context !== null ? new Set(listed) : operations
}

/** Figures that are no names of rows. */
export function claimsOf(view: View): readonly Figure[] {
  return view.figures.filter((figure) => !view.values.some(({ figure: key }) => key === figure))
}

function columnsAround(view: View, figure: Figure, from: number, to: number): readonly Column[] {
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
    (mention) => mention.end <= figure.start && mention.end > from - 1 && !isBesideKey(mention, view),
  )
  const [first] = after
  const near = first !== undefined && first.start - figure.end <= 2 ? usable(first) : []
  if (near.length > 0 && first?.share === 1) return near
  // "the average age of passengers": what is named wholly goes before what stands nearer.
  const lasts = before
    .toReversed()
    .map((mention) => ({ columns: usable(mention), isWhole: mention.share === 1 }))
    .filter(({ columns }) => columns.length > 0)
  const last = (lasts.find(({ isWhole }) => isWhole) ?? lasts[0])?.columns ?? []
  const behind = after.map(usable).find((columns) => columns.length > 0) ?? []
  return [...new Set([...near, ...last, ...behind])]
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

/** Are columns named by a part of their names alone, as PassengerId by "passengers"? */
function isNamedPartly(view: View, columns: readonly Column[], from: number, to: number): boolean {
  return !view.columns.some(
    (mention) =>
      mention.share === 1 &&
      mention.start >= from &&
      mention.end <= to &&
      mention.columns.some((column) => columns.includes(column)),
  )
}

/** Of columns that words fit alike, those whose other words (a year) stand in the sentence, too. */
function preferred(view: View, { columns, share }: ColumnMention): readonly Column[] {
  if (columns.length === 1 || share === 1) return columns
  const low = view.text.toLowerCase()
  const sized = columns.map((column) => ({ column, said: column.words.filter((word) => low.includes(word)).length }))
  const most = Math.max(...sized.map(({ said }) => said))
  return sized.filter(({ said }) => said === most).map(({ column }) => column)
}

function columnsFor(
  view: View,
  figure: Figure,
  own: readonly Column[],
  { before, context }: { readonly before: Asked | null; readonly context: Context },
): Pick<Asked, 'columns' | 'named'> {
  if (own.length > 0) return { columns: own, named: 'own' }
  const measured = ofUnit(view, figure)
  if (measured.length > 0 && measured.length <= 3 && !before?.columns.some((column) => measured.includes(column)))
    return { columns: measured, named: 'sentence' }
  if (before !== null) return { columns: before.columns, named: before.named }
  const said = [...new Set(view.columns.flatMap((mention) => preferred(view, mention)))].filter(
    (column) => column.kind !== 'text',
  )
  if (said.length > 0) return { columns: said, named: 'sentence' }
  const earlier = context.columns.filter((column) => view.table.columns.includes(column))
  return earlier.length > 0 ? { columns: earlier, named: 'context' } : { columns: [], named: 'none' }
}

/** May a figure be one of the columns that a figure before it was of? In percent it may be a part or a change of any. */
function mayBeOf(view: View, { columns }: Asked, figure: Figure): boolean {
  return (
    (figure.kind === 'percent' && hasParts(view)) || columns.some((column) => unitConflict(column, figure) === null)
  )
}

/** Does a sentence speak of shares or of changes, so that percent need not be what a column is in? */
function hasParts({ operations }: View): boolean {
  return operations.some(
    ({ operation }) => operation === 'change' || operation === 'share' || operation === 'difference',
  )
}

/** "5 million euros" are of the one column that is in euros. */
function ofUnit(view: View, figure: Figure): readonly Column[] {
  const { unit } = figure
  if (figure.kind === 'percent') return hasParts(view) ? [] : view.table.columns.filter((column) => column.unit === '%')
  if (unit === null || unit === 'points') return []
  return view.table.columns.filter((column) => column.kind === 'number' && column.unit === unit)
}

function filtersFor(view: View, figure: Figure, alignment: Alignment, context: Context): readonly Filter[] {
  const filters = filtersOf(view, figure, alignment)
  const isBare =
    filters.every(({ mentions }) => mentions.length === 0) ||
    view.values.every(({ strong, figure: key }) => !strong || key !== undefined)
  if (!isBare) return [...filters, ...withContext(view, filters, context)]
  if (
    /\b(?:all|the \d+|every|both) (?:the )?(?:rows|records|entries|groups)\b|\b(?:overall|across all|in total|altogether)\b/i.test(
      view.text,
    )
  )
    return filters
  return [...filters, ...withContext(view, filters, context)]
}

/** "It closed 282, and its low ones wait long": what an earlier sentence named, where this one names nothing of its kind. */
function withContext(view: View, filters: readonly Filter[], context: Context): readonly Filter[] {
  const said = new Set(view.values.filter(({ strong }) => strong).map(({ column }) => column))
  return context.filters
    .filter(({ mentions }) => mentions.every(({ column }) => view.table.columns.includes(column) && !said.has(column)))
    .flatMap((filter) =>
      [everyRow, ...filters].map(({ mentions }) => mentions.reduce(narrowed, { ...filter, isEarlier: true })),
    )
    .filter(({ rows }) => rows === null || rows.length > 0)
    .slice(0, 6)
}

/** The same rows, where a number of each lies on the side of a bound that the sentence names. */
function boundedBy(figure: Figure, thresholds: readonly Threshold[], filters: readonly Filter[]): readonly Filter[] {
  return thresholds
    .filter((threshold) => threshold.figure !== figure)
    .flatMap(({ figure: bound, filter: { rows } }) =>
      filters
        .slice(0, 3)
        .map((filter): Filter => Object.assign(meet(filter, rows ?? []), { bounds: [bound], boundRows: rows ?? [] })),
    )
    .filter(({ rows }) => rows !== null && rows.length > 0)
    .slice(0, 6)
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
