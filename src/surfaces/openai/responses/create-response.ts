import type { ServerResponse } from 'node:http'
import { decisionOfRun, type NameAnswer } from '../../../core/complaints.ts'
import { toServiceError, type ServiceError } from '../../../core/errors.ts'
import type { Identify } from '../../../gateway/authenticate/authenticate.ts'
import { requireScope } from '../../../gateway/authorize/scopes.ts'
import { reasonOf, signalFor } from '../../../http/caller-signal.ts'
import type { OnFault } from '../../../http/errors.ts'
import { parseRequest } from '../../../http/parse-request.ts'
import { toldBesideError, toProblem } from '../../../http/problem.ts'
import { requestIdOf } from '../../../http/request-id.ts'
import { sendBytes } from '../../../http/send-body.ts'
import { EventStream, type EventStreamOptions } from '../../../http/sse.ts'
import type { AnswerDirectly } from '../../direct-routes.ts'
import { answeringAs } from '../../answering-as.ts'
import { ignoredResponseMembers, responseRequest } from '../wire/response-request.ts'
import { beginResponse, type AskedResponse, type BeginParts, type BegunResponse } from './begin-response.ts'

export interface CreateResponseOptions extends BeginParts, EventStreamOptions {
  readonly identify: Identify
  readonly onFault: OnFault
  /** Names answers; absent where nobody listens to what callers say of them. */
  readonly nameAnswer?: NameAnswer | undefined
}

/** `POST /v1/responses` for the service's own model: the loop runs here, and a client sees the steps as items of the response. */
export function createResponse(options: CreateResponseOptions): AnswerDirectly {
  return async (read) => {
    const { response, credential } = read
    const body = parseRequest(responseRequest, read.body.value)
    const principal = await options.identify('http', credential)
    requireScope(principal, 'ask')
    const ignored = ignoredResponseMembers(body)
    if (ignored !== null) response.setHeader('x-sallyport-ignored', ignored)
    const caller = signalFor(response, options.stopping)
    const asked = { body, principal, credential, requestId: requestIdOf(response), caller }
    await answerResponse(asked, response, options)
  }
}

/** Runs what was asked, and answers with the response, or with its events. Rejects as `beginResponse` does. */
export async function answerResponse(
  asked: AskedResponse,
  response: ServerResponse,
  options: CreateResponseOptions,
): Promise<void> {
  const { body, principal, requestId } = asked
  await answeringAs(options.nameAnswer?.(principal, decisionOfRun(requestId)), response, () =>
    body.stream === true ? answerStreamed(asked, response, options) : answerWhole(asked, response, options),
  )
}

async function answerWhole(
  asked: AskedResponse,
  response: ServerResponse,
  options: CreateResponseOptions,
): Promise<void> {
  const begun = await beginResponse(asked, options)
  if (asked.body.background === true) tellOfFault(begun, asked, options)
  else {
    await begun.live.over
    const fault = begun.fault()
    if (fault !== null) throw reasonOf(fault, asked.caller)
  }
  response.setHeader('content-type', 'application/json; charset=utf-8')
  await sendBytes(response, Buffer.from(JSON.stringify(begun.live.response)), options.stallMilliseconds)
}

/** Whoever asked is gone when it fails: the log and the counts have it. */
function tellOfFault(
  { live, fault }: BegunResponse,
  { requestId }: AskedResponse,
  { onFault }: CreateResponseOptions,
): void {
  void live.over.then(() => {
    const thrown = fault()
    if (thrown !== null) onFault(thrown, requestId)
  })
}

async function answerStreamed(
  asked: AskedResponse,
  response: ServerResponse,
  options: CreateResponseOptions,
): Promise<void> {
  using stream = new EventStream(response, options)
  let begun: BegunResponse
  try {
    begun = await beginResponse(asked, options)
  } catch (thrown) {
    return await endWithFault(reasonOf(thrown, asked.caller), { stream, response, number: 0 }, options.onFault)
  }
  tellOfFault(begun, asked, options)
  try {
    for await (const event of begun.live.from(0)) await stream.send(event, event.type)
  } catch (thrown) {
    // The reader is gone, or takes nothing. What runs in the background goes on without it.
    if (asked.body.background !== true) begun.abort(toServiceError(thrown))
  }
  stream.end()
}

interface BrokenStream {
  readonly stream: EventStream
  readonly response: ServerResponse
  /** Of the next event. */
  readonly number: number
}

/** The end of a stream that a fault breaks off: by a status of its own as long as nothing was sent, which is thrown, then as its last event. */
export async function endWithFault(
  error: ServiceError,
  { stream, response, number }: BrokenStream,
  onFault: OnFault,
): Promise<void> {
  // A heartbeat may have opened it.
  if (!stream.opened) throw error
  const requestId = requestIdOf(response)
  onFault(error, requestId)
  const problem = toProblem(error, requestId)
  const { code, message, param } = problem.error
  const told = { type: 'error', sequence_number: number, code, message, param, ...toldBesideError(problem) }
  if (!response.destroyed) await stream.send(told, 'error')
  stream.end()
}
