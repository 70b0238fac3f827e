import type { ComplaintFacts } from '../../core/complaints.ts'
import type { RecordedDecisions } from '../../core/recorded-decisions.ts'
import type { Rollout, Rollouts } from '../../core/tuning.ts'
import { nothingCounted } from './counts.ts'
import { isActive, stageBegan } from './stage-rules.ts'

interface Stores {
  readonly decisions: Pick<RecordedDecisions, 'find'>
  readonly rollouts: Pick<Rollouts, 'state' | 'count'>
}

/**
 * Counts a complaint that was kept for the rollouts of its decision's rules, in the arm that has decided. An opinion that all is
 * well is none, and neither is one of a decision of before the present stage, or of one that nobody has recorded.
 */
export async function countComplaint({ decisions, rollouts }: Stores, complaint: ComplaintFacts): Promise<void> {
  if (complaint.verdict === 'up' || complaint.decision === null) return
  const { rollouts: active } = await rollouts.state()
  if (!active.some(({ place }) => place.group === complaint.group)) return
  const decision = await decisions.find(complaint.decision)
  if (decision === null) return
  for (const rollout of active) {
    const { id, place, stage } = rollout
    if (!isActive(stage)) continue
    const isHere =
      place.group === decision.group &&
      place.direction === decision.direction &&
      decision.scores.some(({ rule }) => rule === place.rule)
    if (!isHere || !isOfStage(rollout, decision)) continue
    const arm = stage === 'promoted' || decision.canary === id ? 'canary' : 'control'
    await rollouts.count(id, [{ stage, arm, ...nothingCounted, complaints: 1 }])
  }
}

/** Whom a canary has decided for is known; of others the clock of their process has to do. */
function isOfStage(rollout: Rollout, { canary, made }: { canary: string | null; made: string }): boolean {
  return (canary === rollout.id && rollout.stage === 'canary') || Date.parse(made) >= Date.parse(stageBegan(rollout))
}
