import type { Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Operation } from '../words/operations.ts'
import { stem } from '../words/tokens.ts'
import type { ValueMention } from '../words/value-mentions.ts'
import { columnsAround, columnsBehindWhole, preferred } from './columns-around.ts'
import { everyRow, filtersOf, isTight, meet, narrowed, slotsOf, type Alignment, type Filter } from './filters.ts'
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
  /** The values that each of the last sentences has named, the nearest one first. */
  readonly names: readonly (readonly ValueMention[])[]
}

const separator = /[,;:()|\n]|\s[-–—]\s|\b(?:and|but|while|whereas|compared|versus|vs|followed|from|with)\b/gi
const mostColumns = 6
/** Words beside a figure by which it is of every row, whatever else its sentence names. */
const ofAll =
  /\b(?:in (?:total|sum|all)|overall|altogether|as a whole|across (?:all|the)|(?:of|for|in) all|company-wide|whole|entire|grand total|on average)\b/i
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
      // "a mean score of 3.78" of a column mean_score is its value, and no mean of it.
      .filter(({ start, end }) => !isInName(view, start, end))
      .map(({ operation }) => operation),
  )
  // "+5 %" is a change, whatever words stand beside it.
  if (figure.signed && figure.kind === 'percent') operations.add('change')
  const isTightly =
    view.values.some((value) => value.figure !== figure && isTight(view, value, figure)) &&
    !view.figures.some((other) => other !== figure && other.end <= figure.start && figure.start - other.end <= 8)
  const own = [
    ...new Set([
      ...columnsAround(view, figure, from, to),
      ...columnsBehindWhole(view, figure, {
        behind,
        next: claims[at + 1]?.end ?? next,
        until: claims[at + 2]?.start ?? view.sentence.end,
      }),
    ]),
  ]
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
  const ofNames = filtersFor(view, figure, alignment, earlier.context)
  const isWhole =
    ofAll.test(`${textAt(from, figure.start)} ${textAt(figure.end, to)}`) && ofNames.every(({ rows }) => rows !== null)
  const free = isWhole ? [...ofNames, everyRow] : ofNames
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

function isInName(view: View, start: number, end: number): boolean {
  const word = stem(view.text.slice(start - view.sentence.start, end - view.sentence.start).toLowerCase())
  return view.columns.some(
    (mention) =>
      mention.share === 1 &&
      mention.start <= start &&
      mention.end >= end &&
      mention.columns.every(({ words }) => words.length > 1 && words.includes(word)),
  )
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
  // "in that quarter": the one before, whatever others the sentence names.
  const isTaken = /\b(?:in|of|for|at|on|during) that \p{L}+\b/iu.test(view.text)
  const said = new Set(isTaken ? [] : view.values.filter(({ strong }) => strong).map(({ column }) => column))
  return context.filters
    .filter(({ mentions }) => mentions.every(({ column }) => view.table.columns.includes(column) && !said.has(column)))
    .flatMap((filter) =>
      (isTaken ? [everyRow] : [everyRow, ...filters]).map(({ mentions }) =>
        mentions.reduce(narrowed, { ...filter, isEarlier: true }),
      ),
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
