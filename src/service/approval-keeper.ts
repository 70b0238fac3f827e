import type { Approval, ApprovalFacts, ApprovalFilter, ApprovalVerdict } from '../core/approvals.ts'

/** What an operator can do with what people are asked before it runs. */
export interface ApprovalKeeper {
  /** Newest first. No key is needed: nothing is opened. Rejects with `not-found` where `after` is no longer there. */
  list(filter: Pick<ApprovalFilter, 'waiting' | 'after' | 'most'>): Promise<readonly ApprovalFacts[]>
  /**
   * Opens one with the key of the service; that somebody did is on the audit trail before. Rejects with `not-found`, and with
   * `invalid-config` where the key is not there.
   */
  show(id: string): Promise<Approval>
  /**
   * Decides one in the name of the person at the command line, which is on the audit trail before. Rejects with `not-found`,
   * and with `conflict` where it is decided, used or over.
   */
  decide(id: string, verdict: ApprovalVerdict): Promise<ApprovalFacts>
}
