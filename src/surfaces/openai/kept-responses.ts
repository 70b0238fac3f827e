import type { Request, RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { keptResponseFacts } from '../../gateway/apis/responses.ts'
import { credentialOf } from '../caller.ts'
import { passedQuery } from '../calls/passed-query.ts'
import { pass, type PassCallOptions } from '../calls/pass-call.ts'

/** What can be asked of a response that the provider has kept: the end of its path. */
export type KeptResponsePart = '' | '/cancel' | '/input_items'

/** What of a query goes up; `beta` is how their client asks for what is not settled yet. */
const parametersOf: Readonly<Record<string, readonly string[]>> = {
  'GET ': ['beta', 'include', 'include_obfuscation', 'starting_after', 'stream'],
  'GET /input_items': ['after', 'before', 'beta', 'include', 'limit', 'order'],
}

const ofOtherCalls: readonly string[] = ['beta']

/** `GET`, `DELETE` and `POST` below `/v1/responses/ID`, for whoever made the response. */
export function keptResponse(part: KeptResponsePart, options: PassCallOptions): RequestHandler {
  return async (request, response) => {
    const id = idOf(request)
    const query = passedQuery(request.url, parametersOf[`${request.method} ${part}`] ?? ofOtherCalls)
    const facts = keptResponseFacts(id, new URLSearchParams(query))
    const path = `/responses/${id}${part}${query}`
    const credential = credentialOf(request)
    await pass({ request, response, credential }, { api: 'responses', path, facts, body: null }, options)
  }
}

function idOf({ params }: Request): string {
  const id = String(params['id'])
  if (/^[\w-]{1,200}$/.test(id)) return id
  throw new ServiceError('not-found', 'There is no such response.', { parameter: 'response_id' })
}

/** Responses over WebSocket is a protocol of its own, which a plain answer to its first request says best. */
export const refuseWebSocket: RequestHandler = (request, response, next) => {
  const isUpgrade = request.headers.upgrade?.toLowerCase() === 'websocket'
  if (!isUpgrade) return next()
  response.setHeader('allow', 'POST, OPTIONS')
  throw new ServiceError('method-not-allowed', 'Responses are not served over WebSocket.', {
    advice: 'Send POST /v1/responses over HTTP; "stream": true gives events.',
  })
}
