/**
 * What a figure of an answer is bound to.
 * - `cell`: the words name a row and a column, and the cell there has this value.
 * - `computed`: what the words name was computed again from the rows, and gives this value.
 * - `contradicted`: what the words name is in the rows, and has another value.
 * - `unsupported`: nothing that the words name gives this value. A number that merely occurs somewhere is unsupported too.
 */
export type MarkVerdict = 'cell' | 'computed' | 'contradicted' | 'unsupported'

/** A cell of a result of the run, as its reader was shown it. */
export interface MarkSource {
  /** The number of the call among those of its run, from 1. */
  readonly result: number
  /** From 0. */
  readonly row: number
  readonly column: string
}

/** A figure, date, name or claim of an answer with what it rests on. */
export interface AnswerMark {
  /** Offsets in the last message of the run, in UTF-16 units. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly kind: string
  readonly verdict: MarkVerdict
  /** Was it filled in by the server from the value that the model named? */
  readonly isReference?: true
  readonly sources: readonly MarkSource[]
  /** How many cells it rests on. */
  readonly sourceCount: number
  /** For readers; holds names and values of the data. Null where it rests on nothing. */
  readonly how: string | null
  /** What the rows give in place of it; null where that is not known. */
  readonly expected: string | null
  /** From 0 to 1: how likely a figure of this form would be found by chance. Null where nothing was found, or nothing had to be looked for. */
  readonly coincidence: number | null
  readonly reason: string
}

/** Something that a model has said on the way to its answer, beside a call, and that the results of its run do not bear out. */
export type EarlierDoubt = Pick<AnswerMark, 'text' | 'verdict' | 'reason'>

/** What of an answer its run's results bear out. */
export interface AnswerGrounding {
  readonly marks: readonly AnswerMark[]
  /** What is doubted of what was said before the last message; absent for nothing. */
  readonly earlier?: readonly EarlierDoubt[]
  /** References that were left as they are written, and why. */
  readonly unfilled: readonly { readonly text: string; readonly why: string }[]
  /** Sentences for readers about what was left out of the check; none where all of it was checked. */
  readonly notes: readonly string[]
}

/** Is it said, and not borne out? */
export const isDoubtful = ({ verdict }: { readonly verdict: string }): boolean =>
  verdict === 'contradicted' || verdict === 'unsupported'
