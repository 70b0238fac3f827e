import type { Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import { suits } from './suits.ts'
import type { Filter } from './filters.ts'
import { rowsWhere } from '../words/key-mentions.ts'
import type { View } from './view.ts'

/** "above 50": rows whose number lies on one side of a figure. */
export interface Threshold {
  readonly figure: Figure
  readonly column: Column
  readonly filter: Filter
}

const sides: readonly (readonly [RegExp, (value: number, bound: number) => boolean])[] = [
  [/(?:\bat least|≥|>=|\bno (?:less|fewer) than|\bsince)\s*$/i, (value, bound) => value >= bound],
  [/(?:\bat most|≤|<=|\bup to|\bno more than)\s*$/i, (value, bound) => value <= bound],
  [
    /(?:\babove|\bover|\bmore than|\bgreater than|\bhigher than|\blonger than|\bolder than|\btaller than|\bheavier than|\blarger than|\bexceed\w*|\bafter|>)\s*[$€£]?$/i,
    (value, bound) => value > bound,
  ],
  [
    /(?:\bbelow|\bunder|\bless than|\bfewer than|\blower than|\bshorter than|\byounger than|\bsmaller than|\blighter than|\bbefore|<)\s*[$€£]?$/i,
    (value, bound) => value < bound,
  ],
]

const behind: readonly (readonly [RegExp, (value: number, bound: number) => boolean])[] = [
  [/^(?:\s+\p{L}+)?\s+(?:or|and) (?:more|above|over|older|higher|longer|up)\b/iu, (value, bound) => value >= bound],
  [
    /^(?:\s+\p{L}+)?\s+(?:or|and) (?:less|fewer|below|under|younger|lower|shorter)\b/iu,
    (value, bound) => value <= bound,
  ],
]

/** Thresholds of a sentence, where a column of numbers is named right beside one. */
export function thresholdsOf(view: View): readonly Threshold[] {
  return view.figures.flatMap((figure) => {
    const lead = view.text.slice(
      Math.max(0, figure.start - view.sentence.start - 24),
      figure.start - view.sentence.start,
    )
    const rest = view.text.slice(figure.end - view.sentence.start, figure.end - view.sentence.start + 24)
    const holds =
      sides.find(([pattern]) => pattern.test(lead))?.[1] ?? behind.find(([pattern]) => pattern.test(rest))?.[1]
    if (holds === undefined) return []
    const bound = middleOf(figure)
    return columnsNear(view, figure).map((column): Threshold => {
      const filter = new BoundFilter(view.table.rowCount, (row) => holds(column.numbers[row] ?? Number.NaN, bound))
      return { figure, column, filter }
    })
  })
}

/** The rows are looked for when a reading asks for them: most never do. */
class BoundFilter implements Filter {
  readonly mentions = []
  readonly #rowCount: number
  readonly #holds: (row: number) => boolean
  #rows: readonly number[] | undefined

  constructor(rowCount: number, holds: (row: number) => boolean) {
    this.#rowCount = rowCount
    this.#holds = holds
  }

  get rows(): readonly number[] {
    this.#rows ??= rowsWhere(this.#rowCount, this.#holds)
    return this.#rows
  }
}

/** A bound behind "over" is read as what lies above it: what is written is its near end. */
function middleOf(figure: Figure): number {
  const written = Number(figure.text.replaceAll(/[^\d.-]/g, ''))
  return Number.isFinite(written) && figure.kind !== 'date'
    ? written * (written === 0 || figure.low === 0 ? 1 : scaleOf(figure, written))
    : figure.low
}

function scaleOf(figure: Figure, written: number): number {
  const ratio = Math.max(Math.abs(figure.low), Math.abs(figure.high)) / Math.abs(written)
  return [1e12, 1e9, 1e6, 1e3].find((scale) => ratio >= scale * 0.8) ?? 1
}

function columnsNear(view: View, figure: Figure): readonly Column[] {
  const before = view.columns.findLast(({ end }) => end <= figure.start && figure.start - end < 40)
  const after = view.columns.find(({ start }) => start >= figure.end && start - figure.end < 4)
  const columns = [after, before]
    .flatMap((mention) => mention?.columns ?? [])
    .filter((column) => suits(column, figure) || column.kind === 'number')
  if (columns.length > 0 || figure.unit === null) return [...new Set(columns)].slice(0, 2)
  // "at least 2.13 metres tall": of a column in this unit.
  return view.table.columns.filter(({ kind, unit }) => kind === 'number' && unit === figure.unit).slice(0, 1)
}
