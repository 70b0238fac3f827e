import type { Principal } from './principal.ts'
import type { WrappedRow, WrappedRows } from './wrapped-rows.ts'

/** Names an answer, so that its caller can say later which one it means. */
export const answerHeader = 'x-sallyport-answer'

/** Where callers object to what a content filter did. */
export const appealsPath = '/v1/appeals'

/** Whose an answer is: a caller, and of an application that says for whom it asks that person. */
export type AnswerCaller = Pick<Principal, 'id' | 'endUser'>

/** The id of an answer of a caller's, about which a content filter has made this decision (`dec-…`), or none: null. */
export type NameAnswer = (caller: AnswerCaller, decision: string | null) => string

/** An opinion of an answer, or an objection to what a filter did. */
export const complaintKinds = ['thumb', 'appeal'] as const
export type ComplaintKind = (typeof complaintKinds)[number]

/** `up` says that all is well; a complaint is `down`. An appeal is always `down`. */
export const verdicts = ['up', 'down'] as const

/**
 * Why: a filter took something `harmless` for harmful; something `harmful` was let through; what was hidden is `needed`; the
 * answer is `wrong`, or `other`.
 */
export const complaintReasons = ['harmless', 'harmful', 'needed', 'wrong', 'other'] as const
export type ComplaintReason = (typeof complaintReasons)[number]

export const complaintStates = ['waiting', 'labelled', 'dismissed'] as const
export type ComplaintState = (typeof complaintStates)[number]

/** What can be known of a complaint without opening it. It is said by a caller, and believed by nobody. */
export interface ComplaintFacts {
  /** `cmp_` and 128 random bits. */
  readonly id: string
  readonly kind: ComplaintKind
  readonly verdict: (typeof verdicts)[number]
  readonly reason: ComplaintReason
  /** Who complains: the caller that the call was of, or `user:` and a digest for one person behind the key of an application. */
  readonly principal: string
  readonly group: string
  /** The decision of a filter that it is about (`dec-…`); null for an answer without one. */
  readonly decision: string | null
  /** The answer that it is about (`chatcmpl-…`, `resp_…`, `item…`); null for an appeal. */
  readonly answer: string | null
  readonly state: ComplaintState
  /** ISO 8601. */
  readonly made: string
}

/** The id of the decision about what a run of the service's own model says, by its request: one request has one such answer. */
export const decisionOfRun = (requestId: string): string => `dec-${requestId}`

/** That somebody complains, for the audit trail: by ids, never in their words. */
export interface ComplaintNotice extends Omit<ComplaintFacts, 'state' | 'made' | 'principal'> {
  readonly requestId: string
  /** Whose credential it is. */
  readonly principal: string
  /** Who complains: the same, or `user:` and a digest for one person behind the key of an application. */
  readonly subject: string
}

/**
 * A complaint as it is stored: the comment is sealed by a data key of its own. Both are empty once the conversation is deleted
 * that it belongs to.
 */
export interface SealedComplaint extends ComplaintFacts, WrappedRow {
  readonly sealed: string
}

export interface ComplaintFilter {
  readonly group: string | null
  readonly kind: ComplaintKind | null
  readonly state: ComplaintState | null
  readonly reason: ComplaintReason | null
  /** Both where it is absent. */
  readonly verdict?: ComplaintFacts['verdict']
  /** Those made from then on, and before then (ISO 8601); all where they are absent. */
  readonly since?: string
  readonly until?: string
  /** Those about decisions in which this rule has acted; null for all. */
  readonly rule: string | null
}

/** What callers say of answers and decisions, until their days are over. */
export interface Complaints extends WrappedRows {
  /**
   * Resolves when it is kept for good: to `kept`; to `limit` where its principal has made `mostADay` since midnight (UTC)
   * already; to `repeated` where the same principal has complained of the same thing before. Nothing is kept then.
   */
  keep(
    complaint: Omit<SealedComplaint, 'made' | 'state'>,
    mostADay: number,
  ): Promise<{ readonly outcome: 'kept' | 'limit' | 'repeated'; readonly complaint: ComplaintFacts | null }>
  /** The oldest first, so many at most, and how many there are. */
  list(
    filter: ComplaintFilter,
    most: number,
  ): Promise<{ readonly complaints: readonly ComplaintFacts[]; readonly total: number }>
  find(id: string): Promise<SealedComplaint | null>
  /** All that one principal has made since a time (ISO 8601), the oldest first. */
  madeBy(principal: string, since: string): Promise<readonly ComplaintFacts[]>
  /** False where it is not there, or not in the state that is expected. */
  settle(id: string, state: Exclude<ComplaintState, 'waiting'>): Promise<boolean>
  /** Principals that have complained of decisions by a rule in a group, and how often, from a time on and before another (ISO 8601). */
  complainers(
    of: { readonly group: string; readonly rule: string },
    since: string,
    until?: string,
  ): Promise<readonly { readonly principal: string; readonly count: number }[]>
  /** Complaints (`down`) of a group, by day and reason. */
  daily(
    group: string | null,
    since: string,
  ): Promise<readonly { readonly day: string; readonly reason: ComplaintReason; readonly count: number }[]>
}
