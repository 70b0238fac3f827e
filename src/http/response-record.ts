import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ResponseRecord } from '../core/facts.ts'
import { bytesOfBody } from './body-bytes.ts'
import { pathOf } from './path-of.ts'
import { routeOf } from './route-name.ts'

export interface BegunResponse {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  /** Milliseconds since any fixed point, as `performance.now` counts. */
  readonly start: number
}

/** Nothing more is written by this response: both sides speak on by another protocol. */
const switchingProtocols = 101

/** What there is to say of a response that is over, by whoever ended it. */
export function recordOf({ request, response, requestId, start }: BegunResponse): ResponseRecord {
  return {
    requestId,
    method: request.method ?? '',
    route: routeOf(response),
    path: pathOf(request),
    status: response.statusCode,
    requestBytes: bytesOfBody(request),
    milliseconds: performance.now() - start,
    complete: response.writableFinished || response.statusCode === switchingProtocols,
  }
}
