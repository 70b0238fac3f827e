import { isDoubtful, type AnswerGrounding, type AnswerMark } from '../../core/answer-grounding.ts'
import type { LoopShare } from '../../filters/loop-share.ts'
import { mostCharacters, mostFigures, type GroundingMark } from '../../grounding/grounding.ts'
import { actionClaims, type ActionClaim, type RunDeeds } from '../../grounding/action-claims.ts'
import { printedFigure } from '../../grounding/printed-figure.ts'
import type { BoundValue, UnboundReference } from '../../grounding/references/reference-stream.ts'
import type { KeptResult, RunResults } from '../../grounding/references/run-results.ts'
import type { Evidence } from '../../grounding/tables/evidence.ts'
import { forgedMarks } from './forged-marks.ts'
import type { OwnFigures } from './own-figures.ts'

export interface AnswerToMark {
  /** The model's words, screened. */
  readonly words: string
  /** What was filled in, by its offsets in them. */
  readonly bound: readonly BoundValue[]
  /** What was not, also where a filter has taken it out of the words since. */
  readonly unbound: readonly UnboundReference[]
  readonly results: RunResults
  /** Of these results. */
  readonly evidence: Evidence
  readonly own: OwnFigures
  readonly deeds: RunDeeds
  readonly question: string
  /** Divides the event loop between the answers that are looked through. */
  readonly share: LoopShare
}

/** What is told of an answer that was not compared to its end. */
export const notAllCompared = `The answer is longer than what is compared: its first ${mostFigures} figures within ${mostCharacters} characters. What stands behind them has no mark.`

/** References that were not filled in are told up to here. */
const mostUnfilled = 100

/** What of an answer the results of its run bear out; null where it says nothing that has to be. */
export async function markAnswer(answer: AnswerToMark): Promise<AnswerGrounding | null> {
  const { words, bound, unbound, results, evidence, own, deeds, question, share } = answer
  const { groundingSteps } = await import('../../grounding/ground-answer.ts')
  // Other streams have their turns meanwhile, however large the results are.
  const found = await share.inTurns(groundingSteps(words, evidence, { question, asOf: today() }))
  const free = found.marks.filter((mark) => !bound.some((value) => isFilledIn(mark, value)))
  const filled = bound.filter((value) => !free.some((mark) => overlaps(mark, value)))
  const figures = [
    ...filled.map((value) => withoutOwn(markOfValue(value), [value.reference.run], { own, results })),
    ...free.map((mark) => {
      const { printedBy, ...told } = markOfFigure(mark, results.all)
      const rests = printedBy === null ? told.sources.map(({ result }) => result) : [printedBy]
      return withoutOwn(told, rests, { own, results })
    }),
  ]
  const said = [...actionClaims(words, deeds), ...forgedMarks(words)]
  const claims = said.filter((claim) => !figures.some((mark) => overlaps(mark, claim)))
  const marks = [...figures, ...claims.map(markOfClaim)].toSorted((one, other) => one.start - other.start)
  const isDoubted = unbound.length > 0 || marks.some(isDoubtful)
  const notes = [
    // Why something may not have been found; where all was, it says nothing.
    ...(results.isTruncated && isDoubted ? ['The results of this run are too many to compare all of them.'] : []),
    ...(found.truncated ? [notAllCompared] : []),
    ...(unbound.length > mostUnfilled ? ['The answer names more values that are not there than are told.'] : []),
  ]
  const unfilled = unbound.slice(0, mostUnfilled).filter(({ text }) => words.includes(text))
  return marks.length === 0 && unfilled.length === 0 && notes.length === 0 ? null : { marks, unfilled, notes }
}

/** The day of UTC, as in `2026-11-30`. */
const today = (): string => new Date().toISOString().slice(0, 10)

/** What an answer is held against. The checker is loaded with the first one. */
export async function evidenceOf(results: RunResults): Promise<Evidence> {
  const { indexEvidence } = await import('../../grounding/tables/evidence.ts')
  const tables = results.all.flatMap(({ number, table }) => (table === null ? [] : [{ ...nameOf(number), ...table }]))
  const printed = results.all.flatMap(({ number, printed: text }) => (text === '' ? [] : [{ ...nameOf(number), text }]))
  return indexEvidence(tables, printed)
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

/** The mark, where it does not rest on what the model has written itself. */
function withoutOwn(
  mark: AnswerMark,
  rests: readonly number[],
  { own, results }: Pick<AnswerToMark, 'own' | 'results'>,
): AnswerMark {
  if (isDoubtful(mark) || !own.isOwn(mark.text, rests, results.all)) return mark
  const from = [...new Set(rests)].map((number) => `run${number}`).join(', ')
  const reason = `It is in ${from} only because the model wrote it into what ran there.`
  return { ...mark, verdict: 'unsupported', sources: [], sourceCount: 0, how: null, coincidence: null, reason }
}

/** With the number of the call that has printed it; null where it was found otherwise. */
function markOfFigure(
  mark: GroundingMark,
  results: readonly KeptResult[],
): AnswerMark & { readonly printedBy: number | null } {
  const { start, end, text, kind, verdict, sourceCount, how, expected, coincidence, reason } = mark
  const sources = mark.sources.map(({ table, row, column }) => ({
    result: Number(table.slice('run'.length)),
    row,
    column,
  }))
  const about = {
    printedBy: null,
    start,
    end,
    text,
    kind,
    verdict,
    sources,
    sourceCount,
    how,
    expected,
    coincidence,
    reason,
  }
  const mayBePrinted = verdict === 'unsupported' && kind !== 'date' && kind !== 'disguised'
  const output = mayBePrinted ? printedFigure(text, results) : null
  if (output === null) return about
  return {
    ...about,
    printedBy: output.number,
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
