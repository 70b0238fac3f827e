import type { Approval, ApprovalFacts, ApprovalFilter, Approvals, ApprovalVerdict } from '../../../core/approvals.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/principal.ts'
import { requireScope } from '../scopes.ts'
import type { TellOfApproval } from './ask-person.ts'
import { decideTold } from './decide-told.ts'

/** What operators can do with the approvals of every group. Each rejects with `not-found` for one that is not there. */
export interface OperatorApprovals {
  /** Newest first. Nothing is opened; rejects where `after` is no longer there. */
  list(filter: Pick<ApprovalFilter, 'waiting' | 'after' | 'most'>): Promise<readonly ApprovalFacts[]>
  /** Opens one with the key of the service. Whoever calls this has it on the audit trail before. */
  read(id: string): Promise<Approval>
  /**
   * Only with the scope `approve`: whoever may do everything else lets nothing run by that alone. Rejects with `forbidden`
   * without it, and with `conflict` where it is decided, used or over.
   */
  decide(principal: Principal, decided: OperatorDecision): Promise<ApprovalFacts>
}

export interface OperatorDecision {
  readonly id: string
  readonly verdict: ApprovalVerdict
  readonly requestId: string
}

interface OperatorApprovalsOptions {
  readonly approvals: () => Promise<Pick<Approvals, 'list' | 'show' | 'decide'>>
  /** Resolves when it is on the audit trail: nothing is decided before. */
  readonly tell: TellOfApproval
  /** Told of each that was decided here, or that somebody else had decided. */
  readonly onDecided: (id: string) => void
}

export function createOperatorApprovals({ approvals, tell, onDecided }: OperatorApprovalsOptions): OperatorApprovals {
  const read = async (id: string): Promise<Approval> => {
    const found = await (await approvals()).show(id)
    if (found !== null) return found
    throw new ServiceError('not-found', `There is no approval "${id.slice(0, 100)}".`, {
      advice: 'GET /admin/v1/approvals lists those that there are; one is forgotten some time after its end.',
    })
  }
  return {
    list: async (filter) => (await approvals()).list(filter),
    read,
    async decide(principal, { id, verdict, requestId }) {
      requireScope(principal, 'approve')
      const found = await read(id)
      try {
        const deciding = { approvals: await approvals(), tell }
        return await decideTold(deciding, found, { decision: verdict, requestId, by: principal.id })
      } finally {
        onDecided(id)
      }
    },
  }
}
