import type { ModelApi } from '../../core/model-call.ts'
import { withholds } from '../../filters/profile.ts'
import type { JsonObject } from '../apis/api.ts'
import { parseObject } from '../calls/event-data.ts'
import { answerDocument } from '../privacy/restore/answer-document.ts'
import { withholdLogprobs } from '../privacy/restore/logprobs.ts'
import type { AnswerDecider } from './answer-decider.ts'
import { whyWithheld } from './blocked.ts'
import { blockedAnswer, type ToldBlock } from './blocked-answers.ts'
import { createSentSoFar } from './streams/closing-events.ts'
import { readWritten } from './streams/event-texts.ts'
import { EventModerator, Regenerate } from './streams/moderate-events.ts'
import { moderateStream } from './streams/moderate-stream.ts'
import { textsOfAnswer } from './written-texts.ts'

/** What becomes of a whole answer. */
export type ModeratedBody =
  | { readonly kind: 'passes'; readonly body: Buffer }
  | { readonly kind: 'blocked'; readonly body: Buffer; readonly told: ToldBlock }
  | { readonly kind: 'regenerate' }

/** A whole answer as it may leave: as it came, with spans replaced and every other byte as it was, or one that is withheld. */
export async function moderateWhole(
  body: Buffer,
  api: ModelApi,
  { decider, mayRegenerate }: { readonly decider: AnswerDecider; readonly mayRegenerate: boolean },
): Promise<ModeratedBody> {
  const json = body.toString('utf8')
  const document = answerDocument(json)
  const texts = [...textsOfAnswer(document, api)]
  const { action, reason, masked } = await decider.texts(texts.map(({ text }) => text))
  decider.record.complete()
  if (action === 'regenerate' && mayRegenerate) return { kind: 'regenerate' }
  if (withholds(action)) return blockedBody(parseObject(json) ?? {}, api, { decider, reason })
  for (const [at, { text, node }] of texts.entries()) {
    const left = masked[at] ?? ''
    if (left !== text) document.replace(node, JSON.stringify(left))
  }
  if (!document.isChanged) return { kind: 'passes', body }
  withholdLogprobs(document)
  return { kind: 'passes', body: Buffer.from(document.render()) }
}

/** The same answer, withheld. */
export function blockedBody(
  answer: JsonObject,
  api: ModelApi,
  { decider: { record }, reason }: { readonly decider: Pick<AnswerDecider, 'record'>; readonly reason: string | null },
): ModeratedBody & { readonly kind: 'blocked' } {
  record.conclude('block')
  const told = { decision: record.id, why: reason ?? whyWithheld(record), appeal: record.appeal }
  return { kind: 'blocked', body: Buffer.from(JSON.stringify(blockedAnswer(answer, api, told))), told }
}

interface StreamedContext {
  readonly api: ModelApi
  readonly decider: AnswerDecider
  /** How many answers were asked for. */
  readonly choices: number
  readonly mayRegenerate: boolean
  readonly leave: () => void
  readonly tell: () => Promise<void>
}

/** What becomes of the events of an answer, once the first may leave. `told` is there where nothing has left before a block. */
export type ModeratedStream =
  | { readonly kind: 'passes'; readonly body: AsyncIterable<Buffer>; readonly told: ToldBlock | null }
  | { readonly kind: 'regenerate' }

/** The events of an answer as they may leave. Rejects as they do before the first. */
export async function moderateEvents(body: AsyncIterable<Buffer>, context: StreamedContext): Promise<ModeratedStream> {
  const { api, decider, choices, mayRegenerate, leave, tell } = context
  const read = readWritten[api]
  if (read === null) return { kind: 'passes', body, told: null }
  const moderator = new EventModerator({ decider, read, sent: createSentSoFar(api, choices), mayRegenerate })
  const events = moderateStream(body, { moderator, leave, tell })
  try {
    const first = await events.next()
    return { kind: 'passes', body: goingOn(first, events), told: moderator.told }
  } catch (thrown) {
    if (thrown instanceof Regenerate) return { kind: 'regenerate' }
    throw thrown
  }
}

async function* goingOn(first: IteratorResult<Buffer>, events: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (first.done === true) return
    yield first.value
    yield* events
  } finally {
    await events.return(undefined)
  }
}
