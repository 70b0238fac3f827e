import type { ComplaintFacts, ComplaintReason, Complaints } from '../../core/complaints.ts'
import { passingActions, type RecordedDecision, type RecordedDecisions } from '../../core/recorded-decisions.ts'
import type { Rollout, RolloutCounts, Rollouts } from '../../core/tuning.ts'
import { mostOfOne } from './bounds.ts'
import { nothingCounted } from './counts.ts'
import { createCanary } from './in-canary.ts'
import { isActive, stageBegan } from './stage-rules.ts'

interface Stores {
  readonly decisions: Pick<RecordedDecisions, 'find'>
  readonly rollouts: Pick<Rollouts, 'state' | 'count'>
  readonly complaints: Pick<Complaints, 'madeBy'>
}

/** What the signed id of an answer says: the decision about it, or none, and when it was given. */
interface SignedAnswer {
  readonly decision: string | null
  readonly given: Date
}

export interface Complainer {
  /** The id by which canaries are drawn: that of the caller, also where a person behind its key complains. */
  readonly caller: string
  /** Null for an answer whose id is not signed for this caller and person. */
  readonly readAnswer: (id: string) => SignedAnswer | null
}

/** A complaint with what is known of what it is about. */
interface Said {
  readonly complaint: ComplaintFacts
  readonly decision: RecordedDecision | null
  readonly answer: SignedAnswer | null
}

type Arm = RolloutCounts['arm']

/** Reasons that speak of what filters let pass or withhold; an answer that is wrong is so by any threshold. */
const reasonsOfFilters: ReadonlySet<ComplaintReason> = new Set(['harmless', 'harmful', 'needed'])

const passing: ReadonlySet<string> = new Set(passingActions)

/**
 * Counts a complaint that was kept for the running rollouts of its group, in the arm that has decided. What is recorded says
 * itself which that was; of an answer of which nothing is recorded, as of most that pass, its signed time and the salt of the
 * rollout do, or nothing would speak against a threshold that lets too much pass. Of one caller, or one person behind
 * its key, few count for an arm in a stage, and `judge` wants more than these: nobody rolls a canary back alone.
 */
export async function countComplaint(stores: Stores, complaint: ComplaintFacts, by: Complainer): Promise<void> {
  if (complaint.verdict === 'up') return
  const { rollouts: active } = await stores.rollouts.state()
  const here = active.filter(({ place }) => place.group === complaint.group)
  if (here.length === 0) return
  const said = await saidBy(stores, complaint, by)
  const counted = here.flatMap((rollout) => {
    const arm = armOf(rollout, said, by.caller)
    return arm === null || !isActive(rollout.stage) ? [] : [{ rollout, stage: rollout.stage, arm }]
  })
  if (counted.length === 0) return
  const since = counted.map(({ rollout }) => stageBegan(rollout)).toSorted()[0] ?? complaint.made
  const earlier: Said[] = []
  for (const each of await stores.complaints.madeBy(complaint.principal, since)) {
    if (isBefore(each, complaint)) earlier.push(await saidBy(stores, each, by))
  }
  for (const { rollout, stage, arm } of counted) {
    if (earlier.filter((each) => armOf(rollout, each, by.caller) === arm).length >= mostOfOne) continue
    await stores.rollouts.count(rollout.id, [{ stage, arm, ...nothingCounted, complaints: 1 }])
  }
}

async function saidBy({ decisions }: Stores, complaint: ComplaintFacts, { readAnswer }: Complainer): Promise<Said> {
  return {
    complaint,
    decision: complaint.decision === null ? null : await decisions.find(complaint.decision),
    answer: complaint.answer === null ? null : readAnswer(complaint.answer),
  }
}

/** Of two of the same millisecond each is after the other: rather one too few counts than one too many. */
const isBefore = (one: ComplaintFacts, other: ComplaintFacts): boolean => one.id !== other.id && one.made <= other.made

/** The arm that has decided on what is complained of; null where the complaint does not count for a rollout. */
function armOf(rollout: Rollout, { complaint, decision, answer }: Said, caller: string): Arm | null {
  const { id, place, stage } = rollout
  if (!isActive(stage) || complaint.verdict === 'up' || complaint.group !== place.group) return null
  const isOfFilters = reasonsOfFilters.has(complaint.reason)
  const isIn = (): boolean => stage === 'promoted' || (stage === 'canary' && createCanary(rollout)(caller))
  if (decision?.direction === place.direction) {
    if (!decision.scores.some(({ rule }) => rule === place.rule) || !isOfStage(rollout, decision)) return null
    if (passing.has(decision.action) && !isOfFilters) return null
    // One canary is recorded, and its caller may be in several.
    const isDecided = decision.canary === null ? stage === 'promoted' : decision.canary === id || isIn()
    return isDecided ? 'canary' : 'control'
  }
  if (answer === null || !isOfFilters) return null
  // Nothing was decided about an answer without a decision; what was asked for it was let pass all the same.
  if (place.direction === 'outbound' && answer.decision === null) return null
  if (!(answer.given.getTime() >= shareBegan(rollout))) return null
  return isIn() ? 'canary' : 'control'
}

/** Whom a canary has decided for is known; of others the clock of their process has to do. */
function isOfStage(rollout: Rollout, { canary, made }: { canary: string | null; made: string }): boolean {
  return (canary === rollout.id && rollout.stage === 'canary') || Date.parse(made) >= Date.parse(stageBegan(rollout))
}

/** Milliseconds since 1970. Before it a smaller share was in, or another stage: nobody knows any more who was. */
function shareBegan({ stage, steps }: Rollout): number {
  return Date.parse(steps.findLast(({ to }) => to === stage)?.at ?? '')
}
