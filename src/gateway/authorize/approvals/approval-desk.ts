import type { Approval, ApprovalFacts, Approvals, ApprovalVerdict } from '../../../core/approvals.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/principal.ts'
import { hasScope, requireScope } from '../scopes.ts'
import type { TellOfApproval } from './ask-person.ts'
import { decideTold } from './decide-told.ts'

/** What callers can do with approvals. One that they may not see is `not-found`, as one that never was. */
export interface ApprovalDesk {
  /** Those that wait, newest first, 100 at most: whose, as `show` says. */
  list(principal: Principal): Promise<readonly ApprovalFacts[]>
  /** The caller's own; with the scope `approve` those of its group. */
  show(principal: Principal, id: string): Promise<Approval>
  /**
   * Only with the scope `approve`, and for the group of the caller, whose own are among them. Rejects with `conflict` where it
   * is decided, used or over.
   */
  decide(principal: Principal, decision: Decision): Promise<ApprovalFacts>
}

export interface Decision {
  readonly id: string
  readonly verdict: ApprovalVerdict
  readonly requestId: string
}

interface ApprovalDeskOptions {
  readonly approvals: () => Promise<Pick<Approvals, 'list' | 'show' | 'decide'>>
  /** Resolves when it is on the audit trail: nothing is decided before. */
  readonly tell: TellOfApproval
  /** Told of each that was decided here, or that somebody else had decided. */
  readonly onDecided: (id: string) => void
}

const mostListed = 100

export function createApprovalDesk({ approvals, tell, onDecided }: ApprovalDeskOptions): ApprovalDesk {
  const show = async (principal: Principal, id: string): Promise<Approval> => {
    const found = await (await approvals()).show(id)
    if (found === null || !maySee(principal, found)) {
      throw new ServiceError('not-found', 'There is no such approval that you may see.', {
        advice: 'Use the id of the answer that asked for it; one is forgotten some time after its end.',
      })
    }
    return found
  }
  return {
    list: async (principal) => {
      const whose = hasScope(principal, 'approve') ? { group: principal.group } : { principal: principal.id }
      return (await approvals()).list({ ...whose, waiting: true, most: mostListed })
    },
    show,
    async decide(principal, { id, verdict, requestId }) {
      requireScope(principal, 'approve')
      const found = await show(principal, id)
      const deciding = { approvals: await approvals(), tell }
      try {
        return await decideTold(deciding, found, { verdict, requestId, by: principal.id })
      } finally {
        onDecided(id)
      }
    },
  }
}

function maySee(principal: Principal, { principal: asker, group }: ApprovalFacts): boolean {
  return asker === principal.id || (hasScope(principal, 'approve') && group === principal.group)
}
