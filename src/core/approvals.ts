import type { Principal } from './principal.ts'
import type { Finding } from './verdict.ts'
import type { WrappedRow, WrappedRows } from './wrapped-rows.ts'

/** `expired` is said of what was never used by its end; a refusal stays one. */
export type ApprovalState = 'pending' | 'allowed' | 'refused' | 'used' | 'expired'

/** What decides what runs, without the words of it. */
interface ProposedRun {
  /** SHA-256, hex, over the canonical form of all that decides what runs: tool, language, source, the text itself. */
  readonly digest: string
  readonly tool: string
  readonly language: string | null
  readonly source: string | null
  readonly rules: readonly string[]
  readonly requestId: string
}

/** What a person reads before they decide. */
export interface ApprovalWords {
  /** All of what would run, as the approver sees it. */
  readonly text: string
  readonly reason: string
  /** What whoever asked may write anew: the call's own text, without what ran before it. Absent where nothing else can be written. */
  readonly editable?: string
}

/** What a person is asked to allow: exactly what would run. */
export interface ApprovalQuestion extends ProposedRun, ApprovalWords {}

/** What can be known of an approval without opening it: it is listed, and told to the audit trail, so. */
export interface ApprovalFacts extends ProposedRun {
  /** `apr-` and 128 random bits or more. */
  readonly id: string
  readonly principal: Principal['id']
  readonly group: string
  readonly asked: Date
  readonly expires: Date
  readonly state: ApprovalState
  /** Who decided; null as long as nobody has. */
  readonly decidedBy: string | null
}

export interface Approval extends ApprovalFacts, ApprovalWords {
  /** What whoever asked wrote in its place when they refused it; absent where they wrote nothing. */
  readonly changedTo?: string
}

export type ApprovalVerdict = 'allowed' | 'refused'

/** What a person wants to run in place of what they were asked about, which counts as refused. */
interface ChangedCall {
  readonly changedTo: string
}

/** What becomes of an approval. */
export type ApprovalDecision = ApprovalVerdict | ChangedCall

/** Asks the person who waits for an answer; null where they do not decide now. */
export type Approver = (approval: Approval, signal: AbortSignal) => Promise<ApprovalDecision | null>

/** How a person writes what is to run in place of a call. */
export interface Rewriting {
  /** What would run, without what ran before it. */
  readonly text: string
  /** What is wrong with another text; nothing where it may be asked about. */
  readonly check: (text: string, signal: AbortSignal) => Promise<readonly Finding[]>
}

/** Asks the person at a terminal; `rewriting` is null where nothing else can be written. */
export type CallApprover = (
  approval: Approval,
  rewriting: Rewriting | null,
  signal: AbortSignal,
) => Promise<ApprovalDecision | null>

/** Which calls a caller wants a person to allow, beside those that rules want one for. */
export type ApprovedCalls = 'rules' | 'on-write' | 'always'

/** What a caller wants of the approvals of its own run. It can want more of them, never fewer. */
export interface AskedApprovals {
  readonly calls: ApprovedCalls
  /** How long a call waits for a decision, milliseconds; no less than the service lets any wait. */
  readonly waitMilliseconds: number
  /** Told of each that waits. */
  readonly onAsked?: (asked: Pick<Approval, 'id' | 'expires'>) => void
}

/** Which approvals, newest first. */
export interface ApprovalFilter {
  /** Of one principal only. */
  readonly principal?: string
  /** Of the callers of one group only. */
  readonly group?: string
  /** Only those that somebody can still decide. */
  readonly waiting?: boolean
  /** The id of the last one that was seen; rejects with `not-found` where these have no such id any more. */
  readonly after?: string
  readonly most: number
}

/**
 * What a person was asked before something ran. Each method rejects with `storage-unavailable` where the store is at fault, and
 * with `internal` where a row was changed by somebody else or the key of the service is another one.
 */
export interface Approvals {
  /**
   * The one of this principal that waits for the same digest already, or that is allowed and was not used yet; else a new one.
   * One of them that was over a moment ago is given as it is, until it is ended. Rejects with `quota-exceeded` where too many of
   * this principal wait.
   */
  ask(principal: Pick<Principal, 'id' | 'group'>, question: ApprovalQuestion): Promise<Approval>
  /** Uses up what was allowed to this principal for this digest, once over all processes; null where there is none in time. */
  take(principal: Pick<Principal, 'id'>, digest: string): Promise<Approval | null>
  show(id: string): Promise<Approval | null>
  list(filter: ApprovalFilter): Promise<readonly ApprovalFacts[]>
  /**
   * Rejects with `not-found` for none, with `conflict` where it is decided, used or over. Who may decide is for whoever calls
   * this: it asks for no scope.
   */
  decide(id: string, decision: ApprovalDecision, by: string): Promise<ApprovalFacts>
  endOver(tell: TellOfEnd): Promise<number>
}

/** Resolves when whoever has to know of the end of an approval knows it. */
export type TellOfEnd = (ended: ApprovalFacts) => Promise<void>

/** An approval as it is stored. */
export interface SealedApproval extends ApprovalFacts, WrappedRow {
  /** Its words: only the data key opens them. */
  readonly sealed: string
}

/** A refusal that leaves other words behind, sealed for the same approval. */
interface RefusedWithWords {
  readonly refusedWith: SealedApproval['sealed']
}

/** Approvals in the storage. */
export interface StoredApprovals extends WrappedRows {
  /** Keeps it, or gives the one of the same principal and digest that was not ended; null where so many of its principal wait already. */
  ask(
    approval: Omit<SealedApproval, 'asked' | 'expires' | 'state' | 'decidedBy'>,
    limits: { readonly milliseconds: number; readonly most: number },
  ): Promise<SealedApproval | null>
  take(principal: string, digest: string): Promise<SealedApproval | null>
  show(id: string): Promise<SealedApproval | null>
  list(filter: ApprovalFilter): Promise<readonly ApprovalFacts[]>
  decide(id: string, verdict: ApprovalVerdict | RefusedWithWords, by: string): Promise<ApprovalFacts>
  /**
   * Ends those whose time is over before they were refused or used, and tells of each, once over all processes; resolves with
   * how many. One whose end cannot be told is not ended, and is the next time.
   */
  endOver(tell: TellOfEnd): Promise<number>
}

/** What happens to an approval. A decision over HTTP has an end, too, which says whether it counts. */
export type ApprovalEvent =
  | 'approval-asked'
  | `approval-${ApprovalVerdict}${'' | '-end'}`
  | 'approval-used'
  | 'approval-expired'

/** In which request something happens to an approval, and how. */
export interface AboutApproval {
  readonly requestId: string
  /** Who decided; null where nobody did now. */
  readonly by: string | null
  /** Of an end: whether what began came to be. */
  readonly done?: boolean
  /** The person wrote something else in place of what they refused. */
  readonly changed?: true
}

/** A line of the audit trail about an approval: never its words. */
export function approvalEvent(
  event: ApprovalEvent,
  { id, digest, tool, principal, group, rules, expires }: ApprovalFacts,
) {
  return { event, approval: id, digest, tool, principal, group, rules: [...rules], expires: expires.toISOString() }
}
