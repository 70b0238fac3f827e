import { z } from 'zod'
import type { Approval, ApprovalFacts, ApprovalVerdict } from '../../core/approvals.ts'

/** `POST /v1/approvals/{id}` */
export const approvalDecision = z.strictObject({
  verdict: z.enum(['allow', 'refuse']).describe('allow: it may run once, until the end of the approval.'),
})

export const verdicts: Readonly<Record<z.infer<typeof approvalDecision>['verdict'], ApprovalVerdict>> = {
  allow: 'allowed',
  refuse: 'refused',
}

/** The answer to `POST /v1/approvals/{id}`, and each of a list. */
export const approvalFacts = z
  .object({
    id: z.string(),
    object: z.literal('approval'),
    state: z.enum(['pending', 'allowed', 'refused', 'used', 'expired']),
    principal: z.string(),
    group: z.string(),
    tool: z.string(),
    language: z.string().nullable(),
    source: z.string().nullable(),
    digest: z.string(),
    rules: z.array(z.string()),
    asked_at: z.string(),
    expires_at: z.string(),
    decided_by: z.string().nullable(),
  })
  .meta({ id: 'ApprovalFacts' })

/** The answer to `GET /v1/approvals/{id}`. */
export const approvalObject = approvalFacts
  .extend({
    reason: z.string(),
    text: z.string().describe('All of what would run.'),
  })
  .meta({ id: 'Approval' })

export function toApprovalFacts(approval: ApprovalFacts): z.infer<typeof approvalFacts> {
  const { id, state, principal, group, tool, language, source, digest, rules, asked, expires, decidedBy } = approval
  return {
    id,
    object: 'approval',
    state,
    principal,
    group,
    tool,
    language,
    source,
    digest,
    rules: [...rules],
    asked_at: asked.toISOString(),
    expires_at: expires.toISOString(),
    decided_by: decidedBy,
  }
}

export function toApproval(approval: Approval): z.infer<typeof approvalObject> {
  return { ...toApprovalFacts(approval), reason: approval.reason, text: approval.text }
}
