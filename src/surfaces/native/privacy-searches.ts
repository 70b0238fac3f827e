import type { RequestHandler } from 'express'
import type { Searching } from '../../gateway/privacy/vault/searching.ts'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { searchRequest, toSearchResult } from '../wire/privacy-searches.ts'
import { principalOf } from '../caller.ts'
import { readQuietly } from './quiet-request.ts'

const limits = { limitBytes: 8_192, shape: { maximumDepth: 4, maximumValues: 100 } }
const form = { schema: searchRequest, what: 'search', limits }

/** `POST /v1/privacy/searches`: which kept conversations hold a value. Ends with its caller; nothing repeats the value. */
export function searchPrivacy(searching: Searching, stopping: AbortSignal): RequestHandler {
  return async (request, response) => {
    const { value, after } = await readQuietly(request, form)
    const signal = signalFor(response, stopping)
    const asked = { value, after, requestId: requestIdOf(response) }
    const result = await searching.find(principalOf(response), asked, signal).catch((thrown: unknown) => {
      throw reasonOf(thrown, signal)
    })
    response.setHeader('cache-control', 'no-store').json(toSearchResult(result))
  }
}

/** `DELETE /v1/privacy/conversations/{id}`: its key and its values, for good. */
export function forgetConversation(searching: Searching): RequestHandler {
  return async (request, response) => {
    await searching.forget(principalOf(response), String(request.params['id']), requestIdOf(response))
    response.status(204).end()
  }
}
