import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ComplaintFacts, ComplaintNotice, ComplaintReason, Complaints } from '../../core/complaints.ts'
import { ServiceError } from '../../core/errors.ts'
import { limitReached } from '../../core/limit-reached.ts'
import type { Principal } from '../../core/principal.ts'
import { passingActions, type RecordedDecision, type RecordedDecisions } from '../../core/recorded-decisions.ts'
import type { Labels } from '../../core/tuning.ts'
import type { FindAnswer, FoundAnswer } from './find-answer.ts'
import { outcomeOf, type AppealOutcome } from './outcome.ts'

/** What an opinion or an objection is about: an answer by its id, or a decision of a content filter. */
export type Subject = { readonly answer: string } | { readonly decision: string }

export interface GivenThumb {
  readonly about: Subject
  readonly verdict: ComplaintFacts['verdict']
  readonly reason: ComplaintReason
  /** Empty for nothing. */
  readonly comment: string
}

export type GivenAppeal = Omit<GivenThumb, 'verdict'>

export interface TakenComplaint {
  readonly complaint: ComplaintFacts
  /** False where it was taken before, and nothing was kept now. */
  readonly isNew: boolean
}

/** Which request it came in, and when its caller has gone. */
export interface ComplainingRequest {
  readonly requestId: string
  readonly signal: AbortSignal
}

/**
 * What callers say of answers and decisions of their own. Rejects with `not-found` for what is anybody else's, as for what
 * never was; `rate-limited` for too much at once and `quota-exceeded` for too much in a day; `conflict` where its caller has
 * said otherwise of it before.
 */
export interface Complaining {
  thumb(caller: Principal, given: GivenThumb, request: ComplainingRequest): Promise<TakenComplaint>
  /** Rejects with `conflict` for a decision that has withheld and changed nothing. */
  appeal(caller: Principal, given: GivenAppeal, request: ComplainingRequest): Promise<TakenComplaint>
  standing(caller: Principal, id: string): Promise<ComplaintFacts & { readonly outcome: AppealOutcome | null }>
}

export interface ComplainingParts {
  readonly findAnswer: FindAnswer
  readonly recorded: Pick<RecordedDecisions, 'find'>
  readonly complaints: Pick<Complaints, 'find'>
  readonly labels: Pick<Labels, 'history'>
  /** Keeps a complaint as `Complaints.keep` does, with its comment sealed. */
  readonly keep: (
    facts: Omit<ComplaintFacts, 'made' | 'state'>,
    comment: string,
    mostADay: number,
  ) => ReturnType<Complaints['keep']>
  /** Resolves when it is on the audit trail: nothing is kept before. */
  readonly tell: (notice: ComplaintNotice) => Promise<void>
  readonly onKept: (complaint: ComplaintFacts, caller: Principal) => void
  /** Counts each try of a caller, what is not found as well: nobody tries ids without end. Throws where there are too many. */
  readonly count: (caller: Principal) => void
  /** Of whom is counted what a caller says: of the person, where an application has signed for whom it asks. */
  readonly subjectOf: (caller: Principal) => string
  readonly mostADay: number
  readonly retentionDays: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
}

const dayMilliseconds = 86_400_000

/** Decisions are recorded once a second, by whichever process has made them: one that is not there is looked for again. */
const looksAgainAfter = [0, 600, 1_400] as const
/** Of an answer that is older than this (ids say it to the second) the decision is there, or is none of those that are kept. */
const recordedWithin = 3_000

export function createComplaining(parts: ComplainingParts): Complaining {
  const { findAnswer, recorded, subjectOf, now, wait = pause } = parts

  /**
   * Null for a decision of anybody else, which takes as long to find out as that there is none. `waiting` ends the wait for one
   * that is recorded a moment later; null where there is nothing to wait for.
   */
  async function ownDecision(
    caller: Principal,
    id: string,
    waiting: AbortSignal | null,
  ): Promise<RecordedDecision | null> {
    for (const milliseconds of looksAgainAfter) {
      if (milliseconds > 0) {
        if (waiting === null) return null
        await wait(milliseconds, waiting)
      }
      const found = await recorded.find(id)
      if (found?.principal === subjectOf(caller)) return found
    }
    return null
  }

  async function ownAnswer(caller: Principal, id: string): Promise<FoundAnswer> {
    const found = await findAnswer(caller, id)
    if (found === null) throw noAnswer()
    if (found.given !== null && now() - found.given.getTime() > parts.retentionDays * dayMilliseconds) {
      throw new ServiceError('not-found', `The answer was given more than ${parts.retentionDays} days ago.`, {
        parameter: 'answer',
        advice: 'Tell the operator of it.',
      })
    }
    return found
  }

  async function take(
    caller: Principal,
    given: Omit<ComplaintFacts, 'id' | 'principal' | 'made' | 'state'> & { readonly comment: string },
    { requestId }: ComplainingRequest,
  ): Promise<TakenComplaint> {
    const { comment, ...said } = given
    const facts = { id: `cmp_${randomBytes(16).toString('hex')}`, principal: subjectOf(caller), ...said }
    await parts.tell({ ...facts, principal: caller.id, subject: facts.principal, requestId })
    const { outcome, complaint } = await parts.keep(facts, comment, parts.mostADay)
    if (outcome === 'limit') throw tooManyToday(parts.mostADay, now())
    if (complaint === null) throw new ServiceError('internal', 'The storage has not said which complaint it has.')
    if (outcome === 'kept') {
      parts.onKept(complaint, caller)
      return { complaint, isNew: true }
    }
    const { kind, verdict, reason } = complaint
    if (kind === said.kind && verdict === said.verdict && reason === said.reason) return { complaint, isNew: false }
    throw new ServiceError('conflict', `You have said something else of it before (${complaint.id}).`, {
      advice: 'What was said first holds; tell the operator where it is wrong.',
    })
  }

  return {
    async thumb(caller, { about, ...said }, request) {
      parts.count(caller)
      if ('answer' in about) {
        const { decision: named, given } = await ownAnswer(caller, about.answer)
        const isNew = given !== null && now() - given.getTime() < recordedWithin
        const own = named === null ? null : await ownDecision(caller, named, isNew ? request.signal : null)
        const whose = { group: own?.group ?? caller.group, decision: own?.id ?? null, answer: about.answer }
        return take(caller, { kind: 'thumb', ...said, ...whose }, request)
      }
      const decision = await ownDecision(caller, about.decision, request.signal)
      if (decision === null) throw noDecision()
      const whose = { group: decision.group, decision: decision.id, answer: null }
      return take(caller, { kind: 'thumb', ...said, ...whose }, request)
    },
    async appeal(caller, { about, ...said }, request) {
      parts.count(caller)
      const id = 'decision' in about ? about.decision : (await ownAnswer(caller, about.answer)).decision
      const decision = id === null ? null : await ownDecision(caller, id, request.signal)
      if (decision === null) throw noDecision()
      if (passingActions.some((passing) => passing === decision.action)) {
        throw new ServiceError('conflict', 'The decision has withheld and changed nothing.', {
          advice: 'Say what is wrong with the answer by POST /v1/feedback.',
        })
      }
      const whose = { group: decision.group, decision: decision.id, answer: null }
      return take(caller, { kind: 'appeal', verdict: 'down', ...said, ...whose }, request)
    },
    async standing(caller, id) {
      const found = await parts.complaints.find(id)
      if (found?.kind !== 'appeal' || found.principal !== subjectOf(caller)) {
        throw new ServiceError('not-found', 'There is no such appeal of yours.', {
          advice: 'Appeals are forgotten with their decisions, after the days of feedback.retention_days.',
        })
      }
      const { wrappedKey: _wrapped, sealed: _sealed, ...facts } = found
      const labels = facts.decision === null ? [] : await parts.labels.history(facts.decision)
      return { ...facts, outcome: outcomeOf(facts, labels) }
    },
  }
}

/** Where an operator has said that nothing is taken. */
export const complainingNowhere: Complaining = {
  thumb: async () => takesNone(),
  appeal: async () => takesNone(),
  standing: async () => takesNone(),
}

function takesNone(): never {
  throw new ServiceError('not-found', 'Nothing is taken here of what callers say of answers.', {
    advice: 'Tell the operator; feedback.complaints in the configuration says what is taken.',
  })
}

const pause = (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal })

const noAnswer = () =>
  new ServiceError('not-found', 'There is no such answer of yours.', {
    parameter: 'answer',
    advice:
      'Name it by the header x-sallyport-answer that it came with. Ids of a provider are known here where the answer is kept.',
  })

const noDecision = () =>
  new ServiceError('not-found', 'There is no such decision about a call of yours.', {
    parameter: 'decision',
    advice:
      'Use the decision_id of the answer. Recorded is what was withheld or changed, for the days of feedback.retention_days.',
  })

/** The count begins anew at midnight (UTC), on the clock of the storage. */
function tooManyToday(most: number, now: number): ServiceError {
  const at = new Date((Math.floor(now / dayMilliseconds) + 1) * dayMilliseconds)
  const seconds = Math.ceil((at.getTime() - now) / 1_000)
  return limitReached(`${most} of them are taken of a caller in a day.`, {
    seconds: Math.max(seconds, 61),
    at,
    advice: 'Nothing of it is lost: tell it again tomorrow, or tell the operator.',
    headers: ['retry-after', String(seconds)],
  })
}
