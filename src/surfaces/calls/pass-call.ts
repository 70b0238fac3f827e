import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallFacts, ModelApi, ReceivedCall, ScreenedAnswer } from '../../core/model-call.ts'
import { apis } from '../../gateway/apis/apis.ts'
import { isObject, type JsonObject } from '../../gateway/apis/api.ts'
import { invalid } from '../../gateway/apis/members.ts'
import { keepObjectOfBody } from '../../gateway/calls/object-of-body.ts'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import type { OnFault } from '../../http/errors.ts'
import { pathOf } from '../../http/path-of.ts'
import { toProblem } from '../../http/problem.ts'
import { writeHeadWith } from '../../http/own-headers.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { sendBytes, writeToReader } from '../../http/send-body.ts'
import type { Secret } from '../../core/secret.ts'
import type { AnswerDirectly } from '../direct-routes.ts'
import type { JsonBody } from '../../http/json-body.ts'
import { errorFormOf } from './error-forms.ts'
import type { ModelRoute } from './model-routes.ts'
import { passedQuery } from './passed-query.ts'

/** Passes a call on and hands its answer to `deliver`. Rejects with a ServiceError. */
export type PassCall = (
  call: ReceivedCall,
  deliver: (answer: ScreenedAnswer) => Promise<void>,
  signal: AbortSignal,
) => Promise<void>

export interface PassCallOptions {
  readonly pass: PassCall
  /** How long a caller may take none of its answer, in milliseconds. */
  readonly stallMilliseconds: number
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  readonly onFault: OnFault
}

/** What a request asks for. */
export interface CallParts {
  readonly api: ModelApi
  /** Below `/v1`, with what of its query is passed on. */
  readonly path: string
  readonly facts: CallFacts
  readonly body: Buffer | null
}

/** `POST` of a body that says which model it is for. */
export function passBody(api: ModelApi, path: string, options: PassCallOptions): AnswerDirectly {
  return async (exchange) => {
    await pass(exchange, callOf({ api, below: path }, exchange.request.url ?? '', exchange.body), options)
  }
}

/** What a `POST` of an API asks for. Throws `invalid-request` where its address or its body cannot be passed on. */
export function callOf(route: Pick<ModelRoute, 'api' | 'below'>, url: string, { value, bytes }: JsonBody): CallParts {
  const { parameters, factsOf } = apis[route.api]
  const query = passedQuery(url, parameters)
  keepObjectOfBody(bytes, value)
  return { api: route.api, path: route.below + query, facts: factsOf(objectOf(value)), body: bytes }
}

function objectOf(body: unknown): JsonObject {
  if (isObject(body)) return body
  throw invalid('body', 'must be an object')
}

/** Bytes of an answer that the connection takes whether or not its reader does. */
const atOnceBytes = 65_536

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly credential: Secret | null
}

/** Passes a call on; an error before the answer has begun is thrown, a later one is said in the stream. */
export async function pass(
  { request, response, credential }: Exchange,
  { api, path, facts, body }: CallParts,
  options: PassCallOptions,
): Promise<void> {
  const signal = signalFor(response, options.stopping)
  const call: ReceivedCall = {
    requestId: requestIdOf(response),
    channel: 'http',
    credential,
    api,
    method: request.method as ReceivedCall['method'],
    path,
    headers: request.rawHeaders,
    body,
    facts,
  }
  const delivery = new Delivery(response, options.stallMilliseconds)
  try {
    await options.pass(call, (answer) => delivery.deliver(answer), signal)
  } catch (thrown) {
    const error = reasonOf(thrown, signal)
    if (!response.headersSent) throw error
    options.onFault(error, call.requestId)
    if (delivery.isStream) response.end(errorFormOf(pathOf(request)).event(toProblem(error, call.requestId)))
    else response.destroy()
  }
}

/** Headers of every stream. */
export const ofStreams = ['cache-control', 'no-cache, no-transform', 'x-accel-buffering', 'no'] as const

/** The way of one answer to its caller. */
class Delivery {
  readonly #response: ServerResponse
  readonly #stallMilliseconds: number
  /** Has a stream of events begun? */
  isStream = false

  constructor(response: ServerResponse, stallMilliseconds: number) {
    this.#response = response
    this.#stallMilliseconds = stallMilliseconds
  }

  /** The status and the headers go out with the first event: until then a failure can still have a status of its own. */
  async deliver({ status, headers, body }: ScreenedAnswer): Promise<void> {
    const response = this.#response
    if (Buffer.isBuffer(body)) {
      // A status without content has no length either (RFC 9110, 8.6).
      writeHeadWith(response, status, status === 204 ? headers : [...headers, 'content-length', String(body.length)])
      if (body.length > atOnceBytes) return sendBytes(response, body, this.#stallMilliseconds)
      response.end(body)
      return
    }
    for await (const events of body) {
      if (!this.isStream && !response.destroyed) writeHeadWith(response, status, [...headers, ...ofStreams])
      this.isStream = true
      await writeToReader(response, events, this.#stallMilliseconds)
    }
    response.end()
  }
}
