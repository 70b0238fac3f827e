import type { SealedComplaint } from '../../../src/core/complaints.ts'
import type { RecordedDecision, RuleScore } from '../../../src/core/recorded-decisions.ts'
import type { EvaluationSet, Label, LabelledScore, Proposal, Rollout } from '../../../src/core/tuning.ts'

export const noon = Date.UTC(2026, 2, 1, 12)
export const place = { group: 'default', direction: 'outbound', rule: 'toxicity' } as const

export function aScore(rule: string, score: number, own: Partial<RuleScore> = {}): RuleScore {
  return { rule, score, threshold: 0.5, effective: 'block', detectors: 'words@1', isBound: false, ...own }
}

/** Of one number the same, a second after the one before. */
export function aDecision(index: number, own: Partial<RecordedDecision> = {}): RecordedDecision {
  return {
    id: `dec-00000000-0000-4000-8000-${`${index}`.padStart(12, '0')}`,
    principal: 'alice',
    group: 'default',
    conversation: null,
    direction: 'outbound',
    api: 'openai/chat',
    profile: { name: 'standard', version: 3 },
    revision: 0,
    canary: null,
    action: 'block',
    scores: [aScore('toxicity', 0.9)],
    stratum: 'withheld',
    weight: 1,
    made: new Date(noon + index * 1_000).toISOString(),
    ...own,
  }
}

type GivenComplaint = Omit<SealedComplaint, 'made' | 'state'>

export function aComplaint(index: number, own: Partial<GivenComplaint> = {}): GivenComplaint {
  return {
    id: `cmp_${index}`,
    kind: 'appeal',
    verdict: 'down',
    reason: 'harmless',
    principal: 'alice',
    group: 'default',
    decision: `dec-${index}`,
    answer: null,
    wrappedKey: `old:${index}`,
    sealed: 'sealed',
    ...own,
  }
}

export function aLabel(index: number, own: Partial<Label> = {}): Omit<Label, 'made'> {
  return {
    id: `lbl_${index}`,
    decision: 'dec-none',
    rule: 'toxicity',
    truth: 'harmless',
    by: 'ann',
    why: 'a recipe',
    source: 'audit',
    complaint: null,
    ...own,
  }
}

const item = (index: number): LabelledScore => ({
  decision: `dec-${index}`,
  principal: 'alice',
  score: index / 10,
  isBound: false,
  weight: 1,
  stratum: 'withheld',
  detectors: 'words@1',
  truth: index % 2 === 0 ? 'harmful' : 'harmless',
  source: 'audit',
})

export function aSet(version: number): Omit<EvaluationSet, 'made'> {
  return { name: 'set', version, place, digest: `digest ${version}`, items: [item(1), item(2)], by: 'ann' }
}

export function aProposal(index: number): Omit<Proposal, 'made'> {
  const set = { name: 'set', version: 1, digest: 'digest 1' }
  return { id: `tpr_${index}`, place, from: 0.5, to: 0.6, set, detectors: 'words@1', figures: '{"a":1}', by: 'ann' }
}

export function aRollout(index: number, own: Partial<Rollout> = {}): Omit<Rollout, 'revision' | 'stage' | 'steps'> {
  return {
    id: `rol_${index}`,
    place,
    proposal: 'tpr_1',
    from: 0.5,
    to: 0.6,
    detectors: 'words@1',
    share: 0.1,
    salt: 'salt',
    bounds: { mostActedRatio: 2, mostActedIncrease: 0.05, mostComplaintIncrease: 1, error: 0.05 },
    ...own,
  }
}
