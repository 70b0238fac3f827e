import { randomUUID } from 'node:crypto'
import type { AnswerMark } from '../../core/answer-grounding.ts'
import { ServiceError, toServiceError } from '../../core/errors.ts'
import type { ReceivedCall, ScreenedAnswer } from '../../core/model-call.ts'
import type { Received } from '../../core/request.ts'
import type { TableData } from '../../core/result.ts'
import type { KeptResult } from '../../grounding/references/run-results.ts'
import { rowsAsCsv } from '../../text/rows-as-csv.ts'
import { chatCompletions } from '../apis/chat-completions.ts'
import { objectOfBody } from '../calls/object-of-body.ts'
import type { JudgeOptions } from '../options.ts'
import type { GivenDocument } from './documents/given-documents.ts'
import { claimsOf, Judge, unjudged, type Claim } from './documents/judge.ts'
import type { AnswerToJudge, JudgedAnswer, PassJudged } from './run-judge.ts'

export interface JudgeRunParts extends Pick<Received, 'credential'> {
  readonly options: JudgeOptions
  /** Null where nothing passes calls on. */
  readonly pass: PassJudged | null
  readonly signal: AbortSignal
}

/** Rows that are written out at once. */
const rowsAtOnce = 1_000

/** Holds the sentences of an answer that nothing was found of, and that have no figure, against the results of its run. */
export async function judgeRun(
  { words, marks, results, request }: AnswerToJudge,
  parts: JudgeRunParts,
): Promise<JudgedAnswer> {
  const claims = claimsOf(words).filter((claim) => !/\p{N}/u.test(claim.text) && !marks.some(isIn(claim)))
  if (claims.length === 0 || results.length === 0) return { marks: [], why: null }
  const { maximum_characters: most } = parts.options
  const documents = documentsOf(results, most)
  const judge = new Judge(parts.options, (body) => ask(body, parts))
  const { verdicts, why } =
    documents === null
      ? unjudged(`there are more than ${most} characters to be read`)
      : await judge.compare(claims, documents, request)
  if (verdicts === null) return { marks: [], why }
  return { marks: claims.flatMap((claim, at) => markOf(claim, verdicts[at], results)), why: null }
}

/** As a call of its own of whoever asks: authorized, masked, held, charged and told on the trail like any other. */
async function ask(body: Buffer, { options, pass, credential, signal }: JudgeRunParts): Promise<Buffer> {
  if (pass === null) throw new ServiceError('model-unavailable', 'A judge is asked by a service alone.')
  const late = AbortSignal.timeout(options.deadline_ms)
  const call: ReceivedCall = {
    requestId: randomUUID(),
    channel: 'http',
    credential,
    api: 'chat-completions',
    method: 'POST',
    path: '/chat/completions',
    headers: ['content-type', 'application/json'],
    body,
    facts: chatCompletions.factsOf(objectOfBody(body) ?? {}),
  }
  let answered: Buffer | null = null
  const deliver = async (answer: ScreenedAnswer): Promise<void> => {
    if (Buffer.isBuffer(answer.body)) answered = answer.body
  }
  try {
    await pass(call, deliver, AbortSignal.any([signal, late]))
  } catch (thrown) {
    signal.throwIfAborted()
    if (late.aborted) throw new ServiceError('model-timeout', 'The judge did not answer in time.', { cause: thrown })
    throw toServiceError(thrown)
  }
  if (answered === null) throw new ServiceError('internal', 'The judge answered with a stream.')
  return answered
}

const isIn =
  (claim: Claim) =>
  ({ start, end }: Pick<AnswerMark, 'start' | 'end'>): boolean =>
    start < claim.end && claim.start < end

/** The results as the judge reads them; null where they are more than it may. */
function documentsOf(results: readonly KeptResult[], most: number): readonly GivenDocument[] | null {
  const documents: GivenDocument[] = []
  let length = 0
  for (const { number, table, printed } of results) {
    const rows = table === null ? '' : rowsWithin(table, most - length)
    const text = [printed, rows].filter((part) => part !== '').join('\n')
    length += text.length
    if (length > most) return null
    documents.push({ id: null, title: `run${number}`, text })
  }
  return documents
}

/** Rows as CSV, no further than this is passed. */
function rowsWithin({ columns, rows }: TableData, most: number): string {
  let csv = rowsAsCsv({ columns, rows: rows.slice(0, rowsAtOnce) })
  for (let at = rowsAtOnce; at < rows.length && csv.length <= most; at += rowsAtOnce) {
    const more = rowsAsCsv({ columns, rows: rows.slice(at, at + rowsAtOnce) })
    csv += more.slice(more.indexOf('\n'))
  }
  return csv
}

/** The judge's own words are shown to nobody: what is told is ours. */
function markOf(
  { start, end, text }: Claim,
  said: { readonly verdict: string; readonly document: number | null } | undefined,
  results: readonly KeptResult[],
): readonly AnswerMark[] {
  if (said === undefined || said.verdict === 'supported') return []
  const result = results[(said.document ?? 0) - 1]
  const where = result === undefined ? 'a result of this run' : `run${result.number}`
  const about = { start, end, text, kind: 'statement', sources: [], sourceCount: 0, how: null, expected: null, coincidence: null } as const // prettier-ignore
  return said.verdict === 'contradicted'
    ? [{ ...about, verdict: 'contradicted', reason: `A model that judges finds that ${where} says otherwise.` }]
    : [{ ...about, verdict: 'unsupported', reason: 'A model that judges finds it in no result of this run.' }]
}
