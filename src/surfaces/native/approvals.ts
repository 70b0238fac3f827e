import type { RequestHandler } from 'express'
import type { ApprovalDesk } from '../../gateway/authorize/approvals/approval-desk.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { approvalDecision, toApproval, toApprovalFacts, toDecision } from '../wire/approvals.ts'
import { principalOf } from '../caller.ts'

/** `GET /v1/approvals`: those that wait, newest first. Of a list nothing is opened: the text of one is at its own address. */
export function listApprovals(desk: ApprovalDesk): RequestHandler {
  return async (_request, response) => {
    const data = (await desk.list(principalOf(response))).map(toApprovalFacts)
    response.setHeader('cache-control', 'no-store').json({ object: 'list', data })
  }
}

/** `GET /v1/approvals/{id}`: the caller's own, with the scope `approve` those of its group. */
export function getApproval(desk: ApprovalDesk): RequestHandler {
  return async (request, response) => {
    const found = await desk.show(principalOf(response), String(request.params['id']))
    response.setHeader('cache-control', 'no-store').json(toApproval(found))
  }
}

/** `POST /v1/approvals/{id}`: allows or refuses what somebody of the caller's group asked, or changes what the caller asked. */
export function decideApproval(desk: ApprovalDesk): RequestHandler {
  return async (request, response) => {
    const decision = toDecision(parseRequest(approvalDecision, request.body))
    const decided = { id: String(request.params['id']), decision, requestId: requestIdOf(response) }
    response.json(toApprovalFacts(await desk.decide(principalOf(response), decided)))
  }
}
