import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { ServiceError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { Secret } from '../core/secret.ts'
import { answerError, type AnswerErrorsOptions } from '../http/errors.ts'
import { readJson, type JsonBody, type JsonBodyLimits } from '../http/json-body.ts'
import { pathOf } from '../http/path-of.ts'
import { nameRoute } from '../http/route-name.ts'
import { setOwnHeaders } from '../http/own-headers.ts'
import { credentialOf, type Know } from './caller.ts'

/** A request whose caller is known and whose body was read. */
export interface ReadExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly principal: Principal
  /** The key that was accepted. */
  readonly credential: Secret | null
  readonly body: JsonBody
}

/** Answers a request, its own headers included; rejects with what is to be answered in its place. */
export type AnswerDirectly = (exchange: ReadExchange) => Promise<void>

/** A `POST` of JSON by somebody with a key. */
export interface DirectRoute {
  readonly path: string
  readonly answer: AnswerDirectly
}

export interface DirectRoutesOptions extends AnswerErrorsOptions {
  readonly know: Know
  readonly limits: JsonBodyLimits
  /** True once new requests are refused. */
  readonly isRefusing: () => boolean
  /** Answers whatever is no `POST` to one of the paths. */
  readonly others: RequestListener
}

export const notTaken = (): ServiceError =>
  new ServiceError('shutting-down', 'The service takes no new requests.', { retryAfterSeconds: 5 })

/**
 * The routes that calls of models take, in front of the web framework and without it, which a call of a
 * fraction of a millisecond notices. The stages are those of every other route, in the same order.
 */
export function answerDirectly(routes: readonly DirectRoute[], options: DirectRoutesOptions): RequestListener {
  const byPath = new Map(routes.map((route) => [route.path, route]))
  const answer = async (
    { path, answer: answerRead }: DirectRoute,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    try {
      nameRoute(response, path)
      if (options.isRefusing()) throw notTaken()
      const principal = await options.know(request)
      const credential = credentialOf(request)
      const body = await readJson(request, options.limits)
      await answerRead({ request, response, principal, credential, body })
    } catch (thrown) {
      if (!response.headersSent) setOwnHeaders(response)
      answerError(thrown, { request, response }, options)
    }
  }
  return (request, response) => {
    const route = request.method === 'POST' ? byPath.get(pathOf(request)) : undefined
    if (route === undefined) options.others(request, response)
    else void answer(route, request, response)
  }
}
