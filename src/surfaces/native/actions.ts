import type { RequestHandler } from 'express'
import type { CheckAction } from '../../gateway/check-action.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { principalOf } from '../caller.ts'
import { actionCheckRequest, toActionCheck } from '../wire/actions.ts'

/** `POST /v1/actions/check`: may a call of a tool run that a model of the caller's wants to make? */
export function checkAction(check: CheckAction): RequestHandler {
  return async (request, response) => {
    const { messages, tools, call } = parseRequest(actionCheckRequest, request.body)
    const asked = { principal: principalOf(response), requestId: requestIdOf(response), messages, tools, call }
    const checked = await check(asked)
    response.setHeader('cache-control', 'no-store').json(toActionCheck(checked))
  }
}
