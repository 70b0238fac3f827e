import type { ApprovalDecision, ApprovalFacts, Approvals } from '../../../core/approvals.ts'
import type { TellOfApproval } from './ask-person.ts'

interface Deciding {
  readonly approvals: Pick<Approvals, 'decide'>
  readonly tell: TellOfApproval
}

/**
 * Decides one, with a line on the audit trail before it and one after it: of two who decide at a time both have begun, and the
 * second line says whose decision counts. A call that is changed is refused there, and both say that it was changed. Rejects as `Approvals.decide` does.
 */
export async function decideTold(
  { approvals, tell }: Deciding,
  found: ApprovalFacts,
  { decision, ...who }: { readonly decision: ApprovalDecision; readonly requestId: string; readonly by: string },
): Promise<ApprovalFacts> {
  const verdict = typeof decision === 'string' ? decision : 'refused'
  const about = typeof decision === 'string' ? who : { ...who, changed: true as const }
  await tell(`approval-${verdict}`, found, about)
  let done = false
  try {
    const decided = await approvals.decide(found.id, decision, who.by)
    done = true
    return decided
  } finally {
    await tell(`approval-${verdict}-end`, found, { ...about, done })
  }
}
