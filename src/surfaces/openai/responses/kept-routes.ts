import type { RequestHandler, Response } from 'express'
import { z } from 'zod'
import type { KeptItem } from '../../../core/conversations.ts'
import { requireScope } from '../../../gateway/authorize/scopes.ts'
import { reasonOf, signalFor } from '../../../http/caller-signal.ts'
import type { OnFault } from '../../../http/errors.ts'
import { parseRequest } from '../../../http/parse-request.ts'
import { EventStream, type EventStreamOptions } from '../../../http/sse.ts'
import { principalOf } from '../../caller.ts'
import type { KeptResponsePart } from '../../calls/kept-call.ts'
import type { Route } from '../../route.ts'
import { refuseWebSocket } from '../kept-responses.ts'
import { endWithFault } from './create-response.ts'
import type { KeptResponse, OwnResponses } from './own-responses.ts'
import { inputItemId } from './response-ids.ts'

export interface KeptRoutesOptions extends EventStreamOptions {
  readonly responses: OwnResponses
  readonly onFault: OnFault
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
}

/**
 * The routes below `/v1/responses`. `passed` answers for a response that a provider keeps.
 */
export function responseRoutes(
  passed: (part: KeptResponsePart) => RequestHandler,
  options: KeptRoutesOptions,
): readonly Route[] {
  const path = '/v1/responses/:id'
  const [one, cancel, items] = [passed(''), passed('/cancel'), passed('/input_items')]
  return [
    { method: 'get', path: '/v1/responses', access: 'key', handlers: [refuseWebSocket], isServed: false },
    { method: 'get', path, access: 'key', handlers: [retrieveResponse(one, options)], hasHead: false },
    { method: 'delete', path, access: 'key', handlers: [deleteResponse(one, options)] },
    { method: 'post', path: `${path}/cancel`, access: 'key', handlers: [cancelResponse(cancel, options)] },
    {
      method: 'get',
      path: `${path}/input_items`,
      access: 'key',
      handlers: [listInputItems(items, options)],
      hasHead: false,
    },
  ]
}

type AnswerKept = (kept: KeptResponse, exchange: Parameters<RequestHandler>[0], response: Response) => Promise<void>

/**
 * Answers for a response of the service's own model; every other one is one that a provider keeps, and is passed on. An id that is neither's is answered
 * there, as one that never was.
 */
function ownOr(passed: RequestHandler, { responses }: KeptRoutesOptions, answer: AnswerKept): RequestHandler {
  return async (request, response, next) => {
    const principal = principalOf(response)
    const kept = await responses.find(principal, String(request.params['id']))
    if (kept === null) {
      await passed(request, response, next)
      return
    }
    requireScope(principal, 'ask')
    await answer(kept, request, response)
  }
}

const flag = z.enum(['true', 'false'], { error: 'must be true or false' })
const retrieveQuery = z.looseObject({
  stream: flag.optional(),
  starting_after: z
    .string()
    .regex(/^\d{1,9}$/, { error: 'must be a whole number' })
    .optional(),
})

/** `GET /v1/responses/{id}`, as it is now, or with `stream=true` its events behind `starting_after`. */
function retrieveResponse(passed: RequestHandler, options: KeptRoutesOptions): RequestHandler {
  return ownOr(passed, options, async (kept, request, response) => {
    const { stream: isStreamed, starting_after: after } = parseRequest(retrieveQuery, request.query)
    if (isStreamed !== 'true') {
      const found = await options.responses.show(kept)
      response.setHeader('cache-control', 'no-store').json(found)
      return
    }
    const signal = signalFor(response, options.stopping)
    let number = after === undefined ? 0 : Number(after) + 1
    const events = await options.responses.stream(kept, after === undefined ? null : number - 1, signal)
    using stream = new EventStream(response, options)
    try {
      for await (const event of events) {
        await stream.send(event, event.type)
        number += 1
      }
    } catch (thrown) {
      return await endWithFault(reasonOf(thrown, signal), { stream, response, number }, options.onFault)
    }
    stream.open()
    stream.end()
  })
}

/** `POST /v1/responses/{id}/cancel`; one that is over is answered as it is. */
function cancelResponse(passed: RequestHandler, options: KeptRoutesOptions): RequestHandler {
  return ownOr(passed, options, async (kept, _request, response) => {
    const { responses } = options
    const isOver = kept.run.state !== 'running'
    response.json(isOver ? await responses.show(kept) : await responses.cancel(principalOf(response), kept))
  })
}

/** `DELETE /v1/responses/{id}` */
function deleteResponse(passed: RequestHandler, options: KeptRoutesOptions): RequestHandler {
  return ownOr(passed, options, async (kept, request, response) => {
    await options.responses.delete(principalOf(response), kept)
    response.json({ id: String(request.params['id']), object: 'response', deleted: true })
  })
}

const inputItemsQuery = z.looseObject({
  after: z.string().max(200).optional(),
  order: z.enum(['asc', 'desc'], { error: 'must be asc or desc' }).optional(),
  limit: z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/, { error: 'must be a whole number from 1 to 100' })
    .optional(),
})

/** `GET /v1/responses/{id}/input_items`, the last one first unless `order=asc`. */
function listInputItems(passed: RequestHandler, options: KeptRoutesOptions): RequestHandler {
  return ownOr(passed, options, async (kept, request, response) => {
    const { after, order = 'desc', limit = '20' } = parseRequest(inputItemsQuery, request.query)
    const items = (await options.responses.inputs(kept)).map((item, at) =>
      toInputItem(item, inputItemId(kept.run.id, at)),
    )
    const ordered = order === 'asc' ? items : items.toReversed()
    const from = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1
    const data = ordered.slice(from, from + Number(limit))
    const ids = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
    response.json({ object: 'list', data, ...ids, has_more: from + data.length < ordered.length })
  })
}

function toInputItem({ item }: KeptItem, id: string) {
  const { role, content } = item.type === 'message' ? item : { role: 'user', content: '' }
  const type = role === 'assistant' ? 'output_text' : 'input_text'
  return { id, type: 'message', status: 'completed', role, content: [{ type, text: content }] }
}
