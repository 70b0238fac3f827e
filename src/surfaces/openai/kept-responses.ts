import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { ReceivedCall } from '../../core/model-call.ts'
import { credentialOf } from '../caller.ts'
import { keptCallOf, type KeptResponsePart } from '../calls/kept-call.ts'
import { pass, type PassCallOptions } from '../calls/pass-call.ts'

/** `GET`, `DELETE` and `POST` below `/v1/responses/ID`, for whoever made the response. */
export function keptResponse(part: KeptResponsePart, options: PassCallOptions): RequestHandler {
  return async (request, response) => {
    const method = request.method as ReceivedCall['method']
    const call = keptCallOf({ method, id: String(request.params['id']), part }, request.url)
    await pass({ request, response, credential: credentialOf(request) }, call, options)
  }
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
