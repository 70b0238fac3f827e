import type { AnswerGrounding, AnswerMark } from '../../core/answer-grounding.ts'
import type { LoopShare } from '../../filters/loop-share.ts'
import type { GroundingMark } from '../../grounding/grounding.ts'
import { actionClaims, type ActionClaim, type RunDeeds } from '../../grounding/action-claims.ts'
import { printedFigure } from '../../grounding/printed-figure.ts'
import type { BoundValue, UnboundReference } from '../../grounding/references/reference-stream.ts'
import type { KeptResult, RunResults } from '../../grounding/references/run-results.ts'

export interface AnswerToMark {
  /** The model's words, screened. */
  readonly words: string
  /** What was filled in, by its offsets in them. */
  readonly bound: readonly BoundValue[]
  readonly unbound: readonly UnboundReference[]
  readonly results: RunResults
  readonly deeds: RunDeeds
  readonly question: string
  /** Divides the event loop between the answers that are looked through. */
  readonly share: LoopShare
}

/** Cells that a mark names; of more only the number is told. */
const mostSources = 3

/** What of an answer the results of its run bear out; null where it says nothing that has to be. */
export async function markAnswer(answer: AnswerToMark): Promise<AnswerGrounding | null> {
  const { words, bound, unbound, results, deeds, question, share } = answer
  const { groundingSteps, indexEvidence } = await loadChecker()
  const tables = results.all.flatMap(({ number, table }) => (table === null ? [] : [{ ...nameOf(number), ...table }]))
  const printed = results.all.flatMap(({ number, printed: text }) => (text === '' ? [] : [{ ...nameOf(number), text }]))
  // Other streams have their turns meanwhile, however large the results are.
  const found = await share.inTurns(groundingSteps(words, indexEvidence(tables, printed), { question, asOf: today() }))
  const free = found.marks.filter((mark) => !bound.some((value) => isFilledIn(mark, value)))
  const filled = bound.filter((value) => !free.some((mark) => overlaps(mark, value)))
  const figures = [...filled.map(markOfValue), ...free.map((mark) => markOfFigure(mark, results.all))]
  const claims = actionClaims(words, deeds).filter((claim) => !figures.some((mark) => overlaps(mark, claim)))
  const marks = [...figures, ...claims.map(markOfClaim)].toSorted((one, other) => one.start - other.start)
  const notes = [
    ...(results.isTruncated ? ['The results of this run are too many to compare all of them.'] : []),
    ...(found.truncated ? ['The answer has more figures than are compared.'] : []),
  ]
  return marks.length === 0 && unbound.length === 0 ? null : { marks, unfilled: unbound, notes }
}

/** The day of UTC, as in `2026-11-30`. */
const today = (): string => new Date().toISOString().slice(0, 10)

/** The checker is loaded with the first answer. */
async function loadChecker() {
  const [{ groundingSteps }, { indexEvidence }] = await Promise.all([
    import('../../grounding/ground-answer.ts'),
    import('../../grounding/tables/evidence.ts'),
  ])
  return { groundingSteps, indexEvidence }
}

const nameOf = (number: number) => ({ id: `run${number}`, title: `run${number}` })

interface Stretch {
  readonly start: number
  readonly end: number
}

const overlaps = (one: Stretch, other: Stretch): boolean => one.start < other.end && other.start < one.end

/**
 * Is a mark only about the value that was filled in? What its words say of the value may still be false, and stays doubted; a sign, a power
 * of ten or a percent sign beside it makes another figure of it.
 */
function isFilledIn(mark: GroundingMark, value: BoundValue): boolean {
  if (mark.start > value.start || mark.end < value.end || mark.verdict === 'contradicted') return false
  const beside = mark.text.slice(0, value.start - mark.start) + mark.text.slice(value.end - mark.start)
  return /^[\p{Sc}\s]*(?:[A-Z]{3}\s*)?$/u.test(beside)
}

function markOfValue({ start, end, text, reference, cell }: BoundValue): AnswerMark {
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

function markOfFigure(mark: GroundingMark, results: readonly KeptResult[]): AnswerMark {
  const { start, end, text, kind, verdict, sourceCount, how, expected, coincidence, reason } = mark
  const sources = mark.sources.slice(0, mostSources).map(({ table, row, column }) => ({
    result: Number(table.slice('run'.length)),
    row,
    column,
  }))
  const about = { start, end, text, kind, verdict, sources, sourceCount, how, expected, coincidence, reason }
  const output = verdict === 'unsupported' && kind !== 'date' ? printedFigure(text, results) : null
  if (output === null) return about
  return {
    ...about,
    verdict: 'cell',
    how: `what run${output.number} printed`,
    coincidence: output.coincidence,
    reason: 'A program of this run has printed it.',
  }
}

function markOfClaim({ start, end, text, isDone, reason }: ActionClaim): AnswerMark {
  return {
    start,
    end,
    text,
    kind: 'action',
    verdict: isDone ? 'computed' : 'contradicted',
    sources: [],
    sourceCount: 0,
    how: isDone ? reason.replace(/\.$/, '') : null,
    expected: null,
    coincidence: null,
    reason,
  }
}
