import { z } from 'zod'
import type { Approval, ApprovalDecision, ApprovalFacts } from '../../core/approvals.ts'

/** The longest that a person is asked about. */
const longestText = 200_000

/** `POST /v1/approvals/{id}` */
export const approvalDecision = z
  .strictObject({
    verdict: z
      .enum(['allow', 'refuse', 'edit'], { error: 'must be allow, refuse or edit' })
      .describe(
        'allow: it may run once, until the end of the approval. edit: it is refused, and the answer that waits for it goes on with text in its place, which passes the gate and the rules as any other.',
      ),
    text: z
      .string({ error: 'must be what runs in place of the call' })
      .min(1, { error: 'must not be empty' })
      .max(longestText, { error: `must have at most ${longestText} characters` })
      .optional()
      .describe(
        'With edit: what runs in place of editable. For whoever asked alone, whose key has the scope sql, or execute where it is a program.',
      ),
  })
  .refine(({ verdict, text }) => (verdict === 'edit') === (text !== undefined), {
    path: ['text'],
    error: 'stands with the verdict edit, and there alone',
  })

export function toDecision({ verdict, text }: z.infer<typeof approvalDecision>): ApprovalDecision {
  if (text !== undefined) return { changedTo: text }
  return verdict === 'allow' ? 'allowed' : 'refused'
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
    editable: z
      .string()
      .nullable()
      .describe('What the caller may write anew, with the verdict edit; null where that is nothing.'),
    changed_to: z.string().nullable().describe('What whoever asked wrote in place of it; null where they did not.'),
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
  const { reason, text, editable = null, changedTo = null } = approval
  return { ...toApprovalFacts(approval), reason, text, editable, changed_to: changedTo }
}
