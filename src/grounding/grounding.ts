import type { MarkVerdict } from '../core/answer-grounding.ts'

/**
 * What a mark stands on. `claim` is a word without a figure ("the highest", "rose") that could be checked: it is `computed` or
 * `contradicted`, never `unsupported`. `disguised` is a figure that a reader sees other digits of than stand in the text:
 * always `unsupported`.
 */
export type FigureKind = 'number' | 'percent' | 'money' | 'date' | 'rank' | 'claim' | 'disguised'

/** A cell that a figure rests on. */
export interface CellSource {
  /** The id of the table, as it was given. */
  readonly table: string
  /** From 0, in the table as it was given. */
  readonly row: number
  /** The name of the column, as it was given. */
  readonly column: string
}

/** One figure, date, rank or checkable word of an answer. Marks are in the order of the text and do not overlap. */
export interface GroundingMark {
  /** Offsets in the answer, in UTF-16 units; `end` is behind the last. */
  readonly start: number
  readonly end: number
  /** The answer between them. */
  readonly text: string
  readonly kind: FigureKind
  readonly verdict: MarkVerdict
  /** At most `mostSources`, in the order of the rows; empty where the figure rests on nothing. */
  readonly sources: readonly CellSource[]
  /** How many cells it rests on, also those that `sources` leaves out. */
  readonly sourceCount: number
  /**
   * For readers: "sum of revenue over 12 rows of result 3". Null for `unsupported`. Names of columns and values of rows stand in it, cut and
   * without controls: they are data, and whoever prints it treats it so.
   */
  readonly how: string | null
  /** For `contradicted`: what the rows give in place of the figure, as a short text ("1,204.5"); else null. */
  readonly expected: string | null
  /**
   * From 0 to 1: how likely a figure of this form would have been found, for these words, among rows in another order. Null where nothing was found, and for a figure that
   * names rows alone ("in 2004"): any order has those.
   */
  readonly coincidence: number | null
  /** One sentence for readers: why this verdict. */
  readonly reason: string
}

export interface Grounding {
  readonly marks: readonly GroundingMark[]
  readonly counts: Readonly<Record<MarkVerdict, number>>
  /** True where the answer has more than `mostFigures` or `mostCharacters`: what is behind has no mark. */
  readonly truncated: boolean
}

/** UTF-16 units of one answer that are checked. */
export const mostCharacters = 40_000

/** Figures of one answer that are checked. */
export const mostFigures = 400

/** Cells that a mark names. */
export const mostSources = 12
