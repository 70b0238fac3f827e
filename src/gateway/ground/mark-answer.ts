import type { AnswerGrounding, AnswerMark } from '../../core/answer-grounding.ts'
import type { BoundValue, UnboundReference } from '../../grounding/references/reference-stream.ts'
import type { RunResults } from '../../grounding/references/run-results.ts'

export interface AnswerToMark {
  /** The model's words, screened. */
  readonly words: string
  /** What was filled in, by its offsets in them. */
  readonly bound: readonly BoundValue[]
  readonly unbound: readonly UnboundReference[]
  readonly results: RunResults
  readonly question: string
  /** The day of the answer, as in `2026-11-30`. */
  readonly asOf: string
}

/** What of an answer the results of its run bear out; null where it says nothing that has to be. */
export async function markAnswer({ bound, unbound, results }: AnswerToMark): Promise<AnswerGrounding | null> {
  const marks = bound.map(markOf)
  const notes = results.isTruncated ? ['The results of this run are too many to compare all of them.'] : []
  return marks.length === 0 && unbound.length === 0 ? null : { marks, unfilled: unbound, notes }
}

function markOf({ start, end, text, reference, cell }: BoundValue): AnswerMark {
  const result = reference.run
  const place = cell === null ? reference.path.join(', ') : `${cell.column}, row ${cell.row + 1}`
  return {
    start,
    end,
    text,
    kind: 'reference',
    verdict: 'cell',
    isReference: true,
    sources: cell === null ? [] : [{ result, row: cell.row, column: cell.column }],
    sourceCount: 1,
    how: `${place} of run${result}`,
    expected: null,
    coincidence: null,
    reason: 'It was filled in from the result.',
  }
}
