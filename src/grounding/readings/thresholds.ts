import type { Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import { suits } from './asked.ts'
import type { Filter } from './filters.ts'
import { rowsWhere } from '../words/value-mentions.ts'
import type { View } from './view.ts'

/** "above 50": rows whose number lies on one side of a figure. */
export interface Threshold {
  readonly figure: Figure
  readonly column: Column
  readonly filter: Filter
}

const sides: readonly (readonly [RegExp, (value: number, bound: number) => boolean])[] = [
  [/(?:\bat least|≥|>=|\bno (?:less|fewer) than|\bor more)\s*$/i, (value, bound) => value >= bound],
  [/(?:\bat most|≤|<=|\bup to|\bno more than)\s*$/i, (value, bound) => value <= bound],
  [
    /(?:\babove|\bover|\bmore than|\bgreater than|\bhigher than|\blonger than|\bolder than|\bexceed\w*|\bafter|\bsince|>)\s*[$€£]?$/i,
    (value, bound) => value > bound,
  ],
  [
    /(?:\bbelow|\bunder|\bless than|\bfewer than|\blower than|\bshorter than|\byounger than|\bbefore|<)\s*[$€£]?$/i,
    (value, bound) => value < bound,
  ],
]

/** Thresholds of a sentence, where a column of numbers is named right beside one. */
export function thresholdsOf(view: View): readonly Threshold[] {
  return view.figures.flatMap((figure) => {
    const lead = view.text.slice(
      Math.max(0, figure.start - view.sentence.start - 24),
      figure.start - view.sentence.start,
    )
    const side = sides.find(([pattern]) => pattern.test(lead))
    if (side === undefined) return []
    const holds = side[1]
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
  return [...new Set(columns)].slice(0, 2)
}
