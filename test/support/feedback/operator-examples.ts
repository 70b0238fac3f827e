import type { ComplaintFacts } from '../../../src/core/complaints.ts'
import type { RecordedDecision, TuningPlace } from '../../../src/core/recorded-decisions.ts'
import type { Label, Proposal, Rollout, RolloutSeen } from '../../../src/core/tuning.ts'

const made = '2026-11-30T12:00:00.000Z'

export const examplePlace: TuningPlace = { group: 'support', direction: 'outbound', rule: 'toxicity' }
export const exampleDigest = 'a'.repeat(64)

export const exampleDecision: RecordedDecision = {
  id: 'dec-1',
  principal: 'key_ann',
  group: 'support',
  conversation: 'conv_secret',
  direction: 'outbound',
  api: 'chat-completions',
  profile: { name: 'support', version: 3 },
  revision: 0,
  canary: null,
  action: 'block',
  scores: [
    { rule: 'toxicity', score: 0.62, threshold: 0.5, effective: 'block', detectors: 'toxicity@1', isBound: false },
  ],
  stratum: 'withheld',
  weight: 1,
  made,
}

export const exampleComplaint: ComplaintFacts = {
  id: 'cmp_1',
  kind: 'appeal',
  verdict: 'down',
  reason: 'harmless',
  principal: 'key_ann\u001b[2J',
  group: 'support',
  decision: 'dec-1',
  answer: null,
  state: 'waiting',
  made,
}

export const exampleLabel: Label = {
  id: 'lbl_1',
  decision: 'dec-1',
  rule: 'toxicity',
  truth: 'harmless',
  by: 'cli:bob',
  why: 'a quotation\u001b[2J',
  source: 'appeal',
  complaint: 'cmp_1',
  made,
}

export const exampleProposal: Proposal = {
  id: 'tpr_1',
  place: examplePlace,
  from: 0.5,
  to: 0.7,
  set: { name: 'november', version: 2, digest: exampleDigest },
  detectors: 'toxicity@1',
  figures: JSON.stringify({ interval: { low: 0.65, high: 0.72 }, held_by: null, examples: [] }),
  made,
  by: 'cli:bob',
}

export const exampleRollout: Rollout = {
  id: 'rol_1',
  place: examplePlace,
  proposal: 'tpr_1',
  from: 0.5,
  to: 0.7,
  detectors: 'toxicity@1',
  stage: 'canary',
  share: 0.1,
  salt: 'a-secret-salt',
  bounds: { mostActedRatio: 1.5, mostActedIncrease: 0.02, mostComplaintIncrease: 1, error: 0.05 },
  revision: 2,
  steps: [
    { at: made, by: 'cli:bob', from: null, to: 'shadow', why: 'fewer quotations' },
    { at: made, by: 'cli:bob', from: 'shadow', to: 'canary', why: 'as expected' },
  ],
}

export const exampleSeen: RolloutSeen = {
  rollout: exampleRollout,
  now: made,
  counts: [
    {
      stage: 'shadow',
      arm: 'control',
      requests: 400,
      actedBefore: 40,
      actedAfter: 30,
      onlyBefore: 10,
      onlyAfter: 0,
      unknown: 1,
      complaints: 2,
    },
  ],
}
