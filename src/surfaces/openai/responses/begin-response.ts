import type { AskedApprovals } from '../../../core/approvals.ts'
import { newId } from '../../../core/new-id.ts'
import type { AgentEvent, AnswerArtifact } from '../../../core/events.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { ObserveHeld } from '../../../core/facts.ts'
import type { RunWriter } from '../../../core/conversations.ts'
import type { Principal } from '../../../core/principal.ts'
import type { RunCaps } from '../../../core/request.ts'
import type { Secret } from '../../../core/secret.ts'
import type { Answerer } from '../../../gateway/pipeline.ts'
import { reasonOf } from '../../../http/caller-signal.ts'
import { toProblem } from '../../../http/problem.ts'
import { faultOf } from '../../answer.ts'
import type { CacheOwner } from '../../fair-cache.ts'
import { splitModel } from '../wire/chat-completions.ts'
import type { ResponseRequest } from '../wire/response-request.ts'
import { askedMessages, type AskedMessages } from './asked-messages.ts'
import { LiveResponse } from './live-response.ts'
import type { OwnResponses, OwnResponsesParts } from './own-responses.ts'
import { saidOf, containerOfRun, headOf, type ResponseDetails } from './response-details.ts'
import { ResponseEvents, type ResponseEventsOptions } from './response-events.ts'
import { containerIdOf, responseIdOf } from './response-ids.ts'
import { holdIn, placeOf, type RunPlace } from './run-place.ts'
import { brokenEnd, cutOffOutcome, RunParts, type RunPart } from '../../../sessions/run-parts.ts'
import { conversationTitle } from '../../../sessions/conversation-title.ts'
import { RunRecord, type KeepFile } from '../../../sessions/record-run.ts'
import { keepArtifact } from '../../../sessions/keep-artifact.ts'

export interface BeginParts extends OwnResponsesParts {
  readonly answer: Answerer
  /** A short-lived link to what is not kept; null for what is too large for one. */
  readonly linkOnce: (owner: CacheOwner, artifact: AnswerArtifact) => string | null
  readonly responses: OwnResponses
  readonly observe: Pick<ObserveHeld, 'act'>
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface AskedResponse {
  readonly body: ResponseRequest
  readonly principal: Principal
  readonly credential: Secret | null
  readonly requestId: string
  /** The conversation whose programs are run again, in the place of a question. */
  readonly replays?: string
  /** Aborts when the caller leaves. */
  readonly caller: AbortSignal
}

/** A response whose run goes on. */
export interface BegunResponse {
  readonly live: LiveResponse
  /** Why it failed or was cancelled, once it is over; null where it was not. */
  readonly fault: () => ServiceError | null
  /** Ends the run. */
  readonly abort: (reason: ServiceError) => void
}

/** Begins a run for a response. Rejects with whatever keeps it from beginning (no quota, a question that is blocked, another run in its conversation); then nothing is kept. */
export async function beginResponse(asked: AskedResponse, parts: BeginParts): Promise<BegunResponse> {
  const { body, principal, credential, requestId, caller, replays } = asked
  const { conversations } = parts.history
  const isKept = body.store !== false && principal.kind !== 'anonymous'
  if (body.background === true && !isKept) throw notForAnonymous()
  const said = await askedMessages(body, { principal, responses: parts.responses, conversations })
  const place = await placeOf(asked, said, parts)
  const abort = new AbortController()
  const left = (): void => abort.abort(caller.reason)
  if (caller.aborted) left()
  caller.addEventListener('abort', left)
  const signal = AbortSignal.any([abort.signal, parts.stopping])
  let live: LiveResponse | null = null
  const received = {
    requestId,
    channel: 'http',
    credential,
    ...splitModel(body.model),
    ...said.told,
    sessionId: place.sessionId,
    files: place.files,
    sandboxLimits: place.sandboxLimits,
    caps: capsOf(body),
    ...(replays === undefined ? {} : { replays }),
    ...(body.max_cost == null ? {} : { maximumCost: body.max_cost }),
    ...(body.approvals == null ? {} : { approvals: approvalsOf(body.approvals, (asked) => live?.aside(asked)) }),
  } as const
  const events = parts.answer(received, signal)[Symbol.asyncIterator]()
  let first: IteratorResult<AgentEvent>
  let writer: RunWriter | null = null
  try {
    // Nothing is kept of what is refused before it begins.
    first = await events.next()
    if (isKept) writer = await conversations.begin(principal.id, toBegin(asked, said, place))
  } catch (thrown) {
    const reason = reasonOf(thrown, signal)
    abort.abort(reason)
    await events.return?.().catch(() => undefined)
    throw reason
  }
  writer?.signal.addEventListener('abort', () => abort.abort(writer.signal.reason))
  if (body.background === true) caller.removeEventListener('abort', left)
  live = new LiveResponse(eventsOf(asked, { writer, place }, parts))
  if (writer !== null) parts.responses.add(writer.run.id, live)
  const run = new Pump({ live, writer, place, signal, requestId, parts })
  void run.go(first, events)
  return { live, fault: () => run.fault, abort: (reason) => abort.abort(reason) }
}

function toBegin(
  { body, requestId }: AskedResponse,
  { added, previous, conversation }: AskedMessages,
  { container }: RunPlace,
) {
  const details: ResponseDetails = {
    surface: 'responses',
    inputs: added.length,
    ...saidOf(body),
    previous: body.previous_response_id ?? null,
    conversation,
    container,
  }
  // Whoever names a conversation goes on with it alone; behind a response several may go on side by side.
  const isExclusive = conversation !== null
  const about = { model: body.model, words: { title: conversationTitle(added), metadata: {} } }
  return { ...about, conversation, previous, isExclusive, requestId, details, items: added }
}

function capsOf(body: ResponseRequest): RunCaps {
  const { max_output_tokens: outputTokens, max_tool_calls: asked } = body
  const toolCalls = body.tool_choice === 'none' ? 0 : asked
  return { ...(outputTokens == null ? {} : { outputTokens }), ...(toolCalls == null ? {} : { toolCalls }) }
}

/** Calls run behind the first event of a run, when there is a response that can tell of them. */
function approvalsOf(
  { calls = 'rules', wait_ms: waitMilliseconds = 0 }: NonNullable<ResponseRequest['approvals']>,
  tell: (asked: Parameters<LiveResponse['aside']>[0]) => void,
): AskedApprovals {
  const onAsked: AskedApprovals['onAsked'] = ({ id, expires }) =>
    tell({ type: 'sallyport.approval_requested', approval: { id, expires_at: expires.toISOString() } })
  return { calls, waitMilliseconds, onAsked }
}

function eventsOf(
  { body, principal, requestId }: AskedResponse,
  { writer, place }: { readonly writer: RunWriter | null; readonly place: RunPlace },
  parts: BeginParts,
): ResponseEvents {
  const { text, linkTo, linkOnce } = parts
  const linkFor: ResponseEventsOptions['linkFor'] = (artifact, id) =>
    id === null || writer === null ? linkOnce(principal, artifact) : linkTo({ id, principal: writer.run.principal })
  const common = { ...text, requestId, linkFor }
  if (writer !== null) {
    const { run } = writer
    const details = run.details as unknown as ResponseDetails
    const options = { ...common, head: headOf(run, details), run: run.id, containerId: containerOfRun(run) }
    return new ResponseEvents(options)
  }
  const run = newId('run', parts.now())
  const head = {
    id: responseIdOf(run),
    created: Math.floor(parts.now() / 1_000),
    model: body.model,
    ...saidOf(body),
    store: false,
    previous: null,
    conversation: null,
  }
  return new ResponseEvents({ ...common, head, run, containerId: place.container ?? containerIdOf(run) })
}

interface PumpParts {
  readonly live: LiveResponse
  /** Null where nothing is kept. */
  readonly writer: RunWriter | null
  readonly place: RunPlace
  readonly signal: AbortSignal
  readonly requestId: string
  readonly parts: BeginParts
}

/** Carries the events of one run into the store and to whoever reads. */
class Pump {
  readonly #of: PumpParts
  readonly #record: RunRecord | null
  /** The call that was told and has no outcome yet. */
  #called: string | null = null
  /** What an event tells and was not told yet. */
  #untold: RunPart[] = []
  #fault: ServiceError | null = null

  constructor(of: PumpParts) {
    this.#of = of
    const { writer, parts } = of
    const { files, limits } = parts.history
    const keepFile: KeepFile = async (artifact, { run }) => {
      const fileId = await keepArtifact(artifact, { files, limits, run })
      if (fileId !== null) await holdIn(of.place, { principal: run.principal, fileId, artifact }, parts)
      return fileId
    }
    this.#record = writer === null ? null : new RunRecord(writer, keepFile)
  }

  get fault(): ServiceError | null {
    return this.#fault
  }

  /** Never rejects: what breaks the run off is told as its end. */
  async go(first: IteratorResult<AgentEvent>, events: AsyncIterator<AgentEvent>): Promise<void> {
    const parts = new RunParts()
    const { live, writer, signal, parts: all } = this.#of
    try {
      let isOver = false
      for (let next = first; next.done !== true; next = await events.next()) {
        const isStopped = next.value.type === 'end' && all.stopping.aborted
        if (isStopped) throw all.stopping.reason
        this.#untold = [...parts.next(next.value)]
        for (let part = this.#untold[0]; part !== undefined; part = this.#untold[0]) {
          await this.#tell(part)
          this.#untold.shift()
        }
        isOver = next.value.type === 'end'
      }
      if (!isOver) throw new ServiceError('internal', 'The run ended without saying how.')
    } catch (thrown) {
      await this.#break(reasonOf(thrown, signal), parts).catch((fault: unknown) => {
        this.#fault = reasonOf(fault, signal)
      })
      await events.return?.().catch(() => undefined)
    } finally {
      // Does not reject.
      await writer?.[Symbol.asyncDispose]()
      live.end()
    }
  }

  async #tell(part: RunPart): Promise<void> {
    const kept = (await this.#record?.keep(part)) ?? part
    if (part.type === 'tool-use') await this.#of.place.ran()
    this.#say(kept)
    if (part.type === 'end') this.#fault = faultOf(part.end)
  }

  async #break(reason: ServiceError, parts: RunParts): Promise<void> {
    const { requestId, parts: all } = this.#of
    this.#fault = reason
    const { approval, retryAfterSeconds } = reason
    const end = brokenEnd({
      code: reason.code,
      message: toProblem(reason, requestId).message,
      ...(approval === undefined ? {} : { approval }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    })
    let isKept = !all.stopping.aborted
    const ending = new Set(parts.next(end))
    // It has another end than one that was not told.
    for (const part of [...this.#untold.filter(({ type }) => type !== 'end'), ...ending]) {
      const kept = isKept ? await this.#record?.keep(part).catch(() => null) : null
      isKept &&= kept !== null
      // The end is told all the same where it cannot be kept; whoever looks later finds the run interrupted.
      const told = kept === null ? this.#unkept(part, ending.has(part)) : (kept ?? part)
      if (told !== null) this.#say(told)
    }
  }

  #say(part: RunPart): void {
    this.#of.live.tell(part)
    // Some models give the calls of each turn the same ids.
    if (part.type === 'call') this.#called = part.call.callId
    if (part.type === 'tool-use') this.#called = null
  }

  /** What is told of a part that could not be kept: nothing that says of something that it is done. */
  #unkept(part: RunPart, isOfEnd: boolean): RunPart | null {
    if (part.type === 'call') return null
    if (part.type !== 'tool-use') return isOfEnd ? part : null
    if (part.use.callId !== this.#called) return null
    return { ...part, use: { ...part.use, outcome: cutOffOutcome } }
  }
}

const notForAnonymous = (): ServiceError =>
  new ServiceError('invalid-request', 'background: nothing is kept for callers without a credential.', {
    parameter: 'background',
    advice: 'Send an API key, or leave it out.',
  })
