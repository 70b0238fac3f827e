import type { Approval, ApprovalDecision, ApprovalFacts, Approvals } from '../../../core/approvals.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { KeyScope } from '../../../core/key-scopes.ts'
import type { Principal } from '../../../core/principal.ts'
import { hasScope, requireScope } from '../scopes.ts'
import type { TellOfApproval } from './ask-person.ts'
import { decideTold } from './decide-told.ts'

/** What callers can do with approvals. One that they may not see is `not-found`, as one that never was. */
export interface ApprovalDesk {
  /** Those that wait, newest first, 100 at most: whose, as `show` says. */
  list(principal: Principal): Promise<readonly ApprovalFacts[]>
  /** The caller's own; with the scope `approve` those of its group. What cannot be edited by this caller has no `editable`. */
  show(principal: Principal, id: string): Promise<Approval>
  /**
   * Only with the scope `approve`, and for the group of the caller, whose own are among them. Rejects with `conflict` where it
   * is decided, used or over. Another text in place of a call only where it is the caller's own, whose scopes let it write what
   * runs; with `invalid-request` where the call takes none.
   */
  decide(principal: Principal, decided: Decided): Promise<ApprovalFacts>
}

export interface Decided {
  readonly id: string
  readonly decision: ApprovalDecision
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
  const find = async (principal: Principal, id: string): Promise<Approval> => {
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
    async show(principal, id) {
      const found = await find(principal, id)
      if (mayEdit(principal, found)) return found
      const { editable: _, ...shown } = found
      return shown
    },
    async decide(principal, { id, decision, requestId }) {
      requireScope(principal, 'approve')
      const found = await find(principal, id)
      if (typeof decision !== 'string') requireEditable(principal, found)
      const deciding = { approvals: await approvals(), tell }
      try {
        return await decideTold(deciding, found, { decision, requestId, by: principal.id })
      } finally {
        onDecided(id)
      }
    },
  }
}

/** What of a credential lets it write what runs. */
function scopeToWrite({ language }: ApprovalFacts): KeyScope {
  return language === 'sql' ? 'sql' : 'execute'
}

function mayEdit(principal: Principal, found: Approval): boolean {
  return found.principal === principal.id && hasScope(principal, 'approve') && hasScope(principal, scopeToWrite(found))
}

/** What somebody writes runs in the name of whoever asked, as their own words: nobody else may put it there. */
function requireEditable(principal: Principal, found: Approval): void {
  if (found.principal !== principal.id) {
    throw new ServiceError('forbidden', 'Only whoever asked may write another text in place of their call.', {
      advice: 'Refuse it, and tell them what to ask in its place.',
    })
  }
  requireScope(principal, scopeToWrite(found))
  if (found.editable !== undefined) return
  throw new ServiceError('invalid-request', 'No other text is taken in place of this call.', {
    advice: 'Allow it or refuse it.',
    parameter: 'verdict',
  })
}

function maySee(principal: Principal, { principal: asker, group }: ApprovalFacts): boolean {
  return asker === principal.id || (hasScope(principal, 'approve') && group === principal.group)
}
