import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { decisionOfRun, type NameAnswer } from '../../core/complaints.ts'
import type { Run } from '../../core/conversations.ts'
import type { AgentEvent, AnswerArtifact } from '../../core/events.ts'
import { ServiceError } from '../../core/errors.ts'
import type { Received } from '../../core/request.ts'
import type { Answerer } from '../../gateway/pipeline.ts'
import { answeringAs } from '../answering-as.ts'
import { AnswerText, type AnswerTextOptions } from '../answer-text.ts'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import { chatCompletionRequest, splitModel, toMessages, type ChatCompletionRequest } from './wire/chat-completions.ts'
import {
  contentChunk,
  finishChunk,
  roleChunk,
  toCompletion,
  usageChunk,
  type CompletionHead,
} from './wire/completion-chunks.ts'
import { ignoredMembers } from './wire/ignored-members.ts'
import { parseRequest } from '../../http/parse-request.ts'
import type { AnswerDirectly, ReadExchange } from '../direct-routes.ts'
import type { CacheOwner } from '../fair-cache.ts'
import type { OnFault } from '../../http/errors.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { toldBesideError, toProblem } from '../../http/problem.ts'
import { sendBytes } from '../../http/send-body.ts'
import { EventStream } from '../../http/sse.ts'

export interface ChatCompletionsOptions {
  readonly answer: Answerer
  readonly text: Pick<AnswerTextOptions, 'label' | 'tableRows'>
  /** The link to a picture or a file of its owner's; null for what has none. */
  readonly linkFor: (owner: CacheOwner, artifact: AnswerArtifact) => string | null
  readonly heartbeatMilliseconds: number
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  readonly onFault: OnFault
  /** Names answers; absent where nobody listens to what callers say of them. */
  readonly nameAnswer?: NameAnswer | undefined
}

function toReceived({ response, credential }: ReadExchange, body: ChatCompletionRequest): Received {
  return {
    requestId: requestIdOf(response),
    channel: 'http',
    credential,
    ...splitModel(body.model),
    messages: toMessages(body),
    sessionId: body.session ?? null,
    ...keptOf(response, body),
    ...(typeof body.max_cost === 'number' ? { maximumCost: body.max_cost } : {}),
    ...(body.files ? { files: body.files } : {}),
  }
}

/** Where the answer is kept, which its headers say. */
function keptOf(response: ServerResponse, { store, conversation }: ChatCompletionRequest): Pick<Received, 'keep'> {
  if (store !== true && !conversation) return {}
  const onRun = ({ id, conversation: place }: Run): void => {
    if (response.headersSent) return
    response.setHeader('x-sallyport-conversation', place)
    response.setHeader('x-sallyport-run', id)
  }
  return { keep: { conversation: conversation ?? null, onRun } }
}

const brokenOff = () => new ServiceError('internal', 'The run ended without saying how.')

interface Exchange {
  readonly text: AnswerText
  readonly events: AsyncIterable<AgentEvent>
  readonly head: CompletionHead
  readonly response: ServerResponse
  readonly signal: AbortSignal
}

async function answerWhole(
  { events, text, head, response, signal }: Exchange,
  options: ChatCompletionsOptions,
): Promise<void> {
  try {
    for await (const event of events) text.next(event)
  } catch (thrown) {
    throw reasonOf(thrown, signal)
  }
  if (text.end === null) throw reasonOf(brokenOff(), signal)
  const body = Buffer.from(JSON.stringify(toCompletion(head, text.text, text.end)))
  response.setHeader('content-type', 'application/json; charset=utf-8')
  await sendBytes(response, body, options.stallMilliseconds)
}

async function sendEvents({ events, text, head }: Exchange, stream: EventStream): Promise<void> {
  let begun = false
  for await (const event of events) {
    const piece = text.next(event)
    const isProgress = event.type !== 'step-start'
    if (!begun && isProgress) {
      begun = true
      await stream.send(roleChunk(head))
    }
    if (piece !== '') await stream.send(contentChunk(head, piece))
  }
}

/** Says in the text and in an error event that the answer is not whole; no finish reason and no `[DONE]` follow. */
async function sendFailure(error: ServiceError, { head, response }: Exchange, stream: EventStream): Promise<void> {
  const problem = toProblem(error, requestIdOf(response))
  await stream.send(contentChunk(head, `\n\n**The answer broke off: ${problem.detail}**`))
  await stream.send({ error: problem.error, ...toldBesideError(problem) })
}

async function answerStreamed(
  exchange: Exchange,
  { options, includeUsage }: { readonly options: ChatCompletionsOptions; readonly includeUsage: boolean },
): Promise<void> {
  const { text, head, response, signal } = exchange
  using stream = new EventStream(response, options)
  try {
    await sendEvents(exchange, stream)
    if (text.end === null) throw brokenOff()
    await stream.send(finishChunk(head, text.end))
    if (includeUsage) await stream.send(usageChunk(head, text.end.usage))
    await stream.send('[DONE]')
  } catch (thrown) {
    const error = reasonOf(thrown, signal)
    if (!stream.opened) throw error
    options.onFault(error, requestIdOf(response))
    if (!response.destroyed) await sendFailure(error, exchange, stream)
  }
  stream.end()
}

/** Where an answer has a name its id is that in the form of the API: clients keep ids of answers, and no headers. */
const completionId = (named: string | undefined): string =>
  named === undefined ? `chatcmpl-${randomUUID()}` : named.replace(/^ans_/, 'chatcmpl-')

/** `POST /v1/chat/completions`: the loop runs here, so a client sees text and never a tool call it would have to run. */
export function chatCompletions(options: ChatCompletionsOptions): AnswerDirectly {
  return async (read) => {
    const { response, principal } = read
    const body = parseRequest(chatCompletionRequest, read.body.value)
    const ignored = ignoredMembers(body)
    if (ignored !== null) response.setHeader('x-sallyport-ignored', ignored)
    const signal = signalFor(response, options.stopping)
    const events = options.answer(toReceived(read, body), signal)
    const named = options.nameAnswer?.(principal, decisionOfRun(requestIdOf(response)))
    const head = { id: completionId(named), created: Math.floor(Date.now() / 1_000), model: body.model }
    const linkFor = (artifact: AnswerArtifact) => options.linkFor(principal, artifact)
    const text = new AnswerText({ ...options.text, linkFor })
    const exchange = { events, text, head, response, signal }
    const includeUsage = body.stream_options?.include_usage === true
    await answeringAs(named, response, () =>
      body.stream === true ? answerStreamed(exchange, { options, includeUsage }) : answerWhole(exchange, options),
    )
  }
}
