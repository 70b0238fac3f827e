import { z } from 'zod'
import { noParams, noBody, route } from '../../openapi/contract.ts'
import type { Approval, ApprovalFacts } from '../../../core/approvals.ts'
import { approvalFacts, approvalObject, toApproval, toApprovalFacts } from '../approvals.ts'
import { pageOf, pageQuery } from './pages.ts'

const params = z.strictObject({ id: z.string().regex(/^apr-[\w-]{1,100}$/, 'must be the id of an approval') })

const requestId = z.string().describe('Of the request that asked, as the audit trail names it.')
const seenFacts = approvalFacts.extend({ request_id: requestId }).meta({ id: 'SeenApprovalFacts' })
const seenApproval = approvalObject.extend({ request_id: requestId }).meta({ id: 'SeenApproval' })

export type SeenApprovalFactsJson = z.infer<typeof seenFacts>
export type SeenApprovalJson = z.infer<typeof seenApproval>

export const listEveryApproval = route({
  id: 'approvals.list',
  method: 'get',
  path: '/admin/v1/approvals',
  summary: 'What somebody was asked to allow before it runs, of every group, newest first and without what would run.',
  params: noParams,
  query: z.strictObject({
    ...pageQuery,
    state: z.enum(['waiting', 'all']).default('waiting').describe('Those that wait, or those that are over as well.'),
  }),
  body: noBody,
  status: 200,
  answer: pageOf(seenFacts),
  errors: [],
})

export const readApproval = route({
  id: 'approvals.read',
  method: 'post',
  path: '/admin/v1/approvals/{id}/reading',
  summary: 'One of them, opened: that somebody did is on the audit trail.',
  params,
  query: noParams,
  body: z.strictObject({}),
  status: 200,
  answer: seenApproval,
  errors: ['not-found'],
})

export const decideEveryApproval = route({
  id: 'approvals.decide',
  method: 'post',
  path: '/admin/v1/approvals/{id}/decision',
  summary: 'What was asked may run once, or may not. Wants the scope approve beside admin.',
  params,
  query: noParams,
  body: z.strictObject({ verdict: z.enum(['allow', 'refuse']) }),
  status: 200,
  answer: seenFacts,
  errors: ['not-found', 'conflict'],
  told: ['verdict'],
})

export function toSeenFacts(approval: ApprovalFacts): SeenApprovalFactsJson {
  return { ...toApprovalFacts(approval), request_id: approval.requestId }
}

export function toSeenApproval(approval: Approval): SeenApprovalJson {
  return { ...toApproval(approval), request_id: approval.requestId }
}
