import type { ApprovalFacts, Approvals, ApprovalVerdict } from '../../../core/approvals.ts'
import type { TellOfApproval } from './ask-person.ts'

interface Deciding {
  readonly approvals: Pick<Approvals, 'decide'>
  readonly tell: TellOfApproval
}

/**
 * Decides one, with a line on the audit trail before it and one after it: of two who decide at a time both have begun, and the
 * second line says whose decision counts. Rejects as `Approvals.decide` does.
 */
export async function decideTold(
  { approvals, tell }: Deciding,
  found: ApprovalFacts,
  { verdict, ...about }: { readonly verdict: ApprovalVerdict; readonly requestId: string; readonly by: string },
): Promise<ApprovalFacts> {
  await tell(`approval-${verdict}`, found, about)
  let done = false
  try {
    const decided = await approvals.decide(found.id, verdict, about.by)
    done = true
    return decided
  } finally {
    await tell(`approval-${verdict}-end`, found, { ...about, done })
  }
}
