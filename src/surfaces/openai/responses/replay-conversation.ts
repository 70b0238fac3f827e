import type { RequestHandler } from 'express'
import type { ObserveHeld } from '../../../core/facts.ts'
import { ownModel } from '../../../core/own-model.ts'
import { requireScope } from '../../../gateway/authorize/scopes.ts'
import { signalFor } from '../../../http/caller-signal.ts'
import { parseRequest } from '../../../http/parse-request.ts'
import { requestIdOf } from '../../../http/request-id.ts'
import { credentialOf, principalOf } from '../../caller.ts'
import { observed } from '../../observed.ts'
import type { Route } from '../../route.ts'
import { replayRequest } from '../wire/replay-request.ts'
import { responseRequest } from '../wire/response-request.ts'
import { answerResponse, type CreateResponseOptions } from './create-response.ts'

/** Where it is asked, by keys that may have sessions. */
export function replayRoute(
  options: CreateResponseOptions,
  { body, observe }: { readonly body: RequestHandler; readonly observe: ObserveHeld },
): Route {
  const handler = observed(observe, { of: 'conversation', action: 'replay' }, replayConversation(options))
  return { method: 'post', path: '/v1/conversations/:id/replay', access: 'sessions', handlers: [body, handler] }
}

/**
 * `POST /v1/conversations/{id}/replay`: runs again what ran in a conversation, in order, as its model's calls ran: through the same gate, policy, approvals,
 * limits and filters. It is answered as a response that is not kept; its text says what was made again, and by what it was stopped.
 */
function replayConversation(options: CreateResponseOptions): RequestHandler {
  return async (request, response) => {
    const principal = principalOf(response)
    requireScope(principal, 'ask')
    const { model, container, session, stream, approvals } = parseRequest(replayRequest, request.body)
    const conversation = String(request.params['id'])
    const body = responseRequest.parse({
      model: model ?? ownModel,
      input: 'Run again what ran in this conversation.',
      conversation,
      store: false,
      stream,
      session,
      approvals,
      ...(container == null ? {} : { tools: [{ type: 'code_interpreter', container }] }),
    })
    const caller = signalFor(response, options.stopping)
    const about = { principal, credential: credentialOf(request), requestId: requestIdOf(response), caller }
    await answerResponse({ body, ...about, replays: conversation }, response, options)
  }
}
