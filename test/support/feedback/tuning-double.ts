import { ServiceError } from '../../../src/core/errors.ts'
import type { CurvesAnswer, TuningCurves } from '../../../src/feedback/curves/tuning-curves.ts'
import type { TuningKeeper } from '../../../src/service/tuning-keeper.ts'
import {
  exampleComplaint,
  exampleDecision,
  exampleDigest,
  exampleLabel,
  examplePlace,
  exampleProposal,
  exampleRollout,
  exampleSeen,
} from './operator-examples.ts'

const { made } = exampleLabel
const set = { name: 'november', version: 2, place: examplePlace, digest: exampleDigest, made, by: 'cli:bob' }
const item = {
  decision: 'dec-1',
  principal: 'key_ann',
  score: 0.6,
  isBound: false,
  weight: 1,
  stratum: 'withheld',
  detectors: 'toxicity@1',
  truth: 'harmless',
  source: 'appeal',
} as const
const report = { id: 'prp_1', principal: 'key_b', receipt: 'prc_1', fault: 'missed', made } as const

const rate = { rate: 0.25, low: 0.1, high: 0.4 }
const unknownRate = { rate: Number.NaN, low: 0, high: 1 }
const amount = { value: 20, low: 10, high: 30 }
const unknownAmount = { value: Number.NaN, low: 0, high: 1_000 }
const standing = {
  place: examplePlace,
  threshold: 0.5,
  isTuned: false,
  limits: { lowest: 0.3, highest: 0.8 },
  detectors: 'toxicity@1',
}
const curves: CurvesAnswer = {
  ...standing,
  set: { name: 'november', version: 2, digest: exampleDigest },
  curves: {
    of: 'traffic',
    decisions: 40,
    recorded: 20,
    others: 1,
    labels: { harmful: 4, harmless: 16, drawn: 19 },
    missing: { kind: 'refused', reason: 'too-few-labels', message: '4 are harmful.', advice: 'Label more.' },
    points: [
      {
        threshold: 0.5,
        acted: rate,
        falsePositiveRate: rate,
        recall: unknownRate,
        precision: unknownRate,
        perThousand: { found: unknownAmount, missed: unknownAmount, falsePositives: amount, letPass: amount },
        labels: { found: 3, missed: 1, falsePositives: 4, letPass: 12, unknown: 0 },
        unknown: Number.NaN,
      },
    ],
  },
  otherDetectors: 2,
  labelled: [item],
  left: 0,
}

/** Curves of places that are there, as `tuningDouble` has things. */
const curvesDouble: TuningCurves = {
  places: async () => [standing],
  curves: async ({ of }) => known('set' in of ? of.set : 'november', curves),
}

/** A keeper that knows one of each thing, the examples, and answers with these whatever is done with them. */
export const tuningDouble: TuningKeeper & TuningCurves = {
  ...curvesDouble,
  report: async () => ({ figures: { groups: [] }, markdown: '# A week\n' }),
  queue: async () => ({
    items: [
      { kind: 'appeal', complaint: exampleComplaint },
      { kind: 'audit', decision: exampleDecision },
      { kind: 'receipt', report },
    ],
    left: 3,
  }),
  open: async (id) => ({
    item: known(id, { kind: 'audit', decision: exampleDecision }),
    decision: exampleDecision,
    comment: 'why?',
    text: null,
    labels: [exampleLabel],
  }),
  label: async ({ item: id }) => known(id, exampleLabel),
  dismiss: async (id) => known(id, undefined),
  makeSet: async () => ({ ...set, size: 1 }),
  importSet: () => Promise.reject(new Error('nothing is imported over HTTP')),
  sets: async () => [{ ...set, size: 1 }],
  set: async (name) => known(name, { ...set, items: [item] }),
  propose: async ({ set: name }) => known(name, exampleProposal),
  proposals: async () => [exampleProposal],
  simulate: async ({ of }) =>
    known('proposal' in of ? of.proposal : '', { place: examplePlace, from: 0.5, to: 0.7, figures: { decisions: 2 } }),
  shadow: async ({ proposal }) => known(proposal, exampleRollout),
  canary: async ({ rollout }) => known(rollout, exampleRollout),
  promote: async ({ rollout }) => known(rollout, exampleRollout),
  rollback: async ({ rollout }) => known(rollout, exampleRollout),
  stop: async ({ rollout }) => known(rollout, exampleRollout),
  state: async () => ({
    revision: 3,
    thresholds: [{ place: examplePlace, threshold: 0.7, rollout: 'rol_1' }],
    rollouts: [exampleRollout],
  }),
  rollout: async (id) => known(id, exampleSeen),
  history: async () => [
    { rollout: exampleRollout, proposal: exampleProposal },
    { rollout: exampleRollout, proposal: null },
  ],
}

const ids: ReadonlySet<string> = new Set(['cmp_1', 'dec-1', 'prp_1', 'tpr_1', 'rol_1', 'november'])

function known<Answer>(id: string, answer: Answer): Answer {
  if (ids.has(id)) return answer
  throw new ServiceError('not-found', 'There is no such thing.')
}
