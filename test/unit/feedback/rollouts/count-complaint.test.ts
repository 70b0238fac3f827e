import { describe, expect, it } from 'vitest'
import type { ComplaintFacts } from '../../../../src/core/complaints.ts'
import type { RecordedDecision } from '../../../../src/core/recorded-decisions.ts'
import type { Rollout, RolloutCounts } from '../../../../src/core/tuning.ts'
import { countComplaint } from '../../../../src/feedback/rollouts/count-complaint.ts'
import { exampleRollout, exampleState } from '../../../support/feedback/tuning-examples.ts'

const complaint: ComplaintFacts = {
  id: 'cmp_1',
  kind: 'appeal',
  verdict: 'down',
  reason: 'harmless',
  principal: 'key_1',
  group: 'staff',
  decision: 'dec-1',
  answer: null,
  state: 'waiting',
  made: '2026-11-30T12:00:00.000Z',
}

const decision: RecordedDecision = {
  id: 'dec-1',
  principal: 'key_1',
  group: 'staff',
  conversation: null,
  direction: 'inbound',
  api: 'messages',
  profile: { name: 'public', version: 1 },
  revision: 7,
  canary: null,
  action: 'block',
  scores: [{ rule: 'toxicity', score: 0.7, threshold: 0.5, effective: 'block', detectors: 'words@1', isBound: false }],
  stratum: 'withheld',
  weight: 1,
  made: '2026-11-30T11:00:00.000Z',
}

const begun = [{ at: '2026-11-30T10:00:00.000Z', by: 'ann', from: 'shadow', to: 'canary', why: '' }] as const

async function counted(
  changed: {
    readonly complaint?: Partial<ComplaintFacts>
    readonly decision?: Partial<RecordedDecision> | null
    readonly rollout?: Partial<Rollout>
  } = {},
) {
  const counts: { readonly id: string; readonly counts: readonly RolloutCounts[] }[] = []
  const found = changed.decision === null ? null : { ...decision, ...changed.decision }
  await countComplaint(
    {
      decisions: { find: () => Promise.resolve(found) },
      rollouts: {
        state: () =>
          Promise.resolve(exampleState({ rollouts: [exampleRollout({ steps: begun, ...changed.rollout })] })),
        count: async (id, given) => void counts.push({ id, counts: given }),
      },
    },
    { ...complaint, ...changed.complaint },
  )
  return counts.flatMap(({ id, counts: given }) =>
    given.map(({ stage, arm, complaints, requests }) => [id, stage, arm, complaints, requests]),
  )
}

describe('a complaint that was kept', () => {
  it('counts for the arm that has decided, once, and as no request', async () => {
    expect(await counted()).toEqual([['rol_1', 'canary', 'control', 1, 0]])
    expect(await counted({ decision: { canary: 'rol_1' } })).toEqual([['rol_1', 'canary', 'canary', 1, 0]])
    const promoted = [{ ...begun[0], from: 'canary', to: 'promoted' }] as const
    expect(await counted({ rollout: { stage: 'promoted', steps: promoted } })).toEqual([
      ['rol_1', 'promoted', 'canary', 1, 0],
    ])
  })

  it.each([
    ['that says that all is well', { complaint: { verdict: 'up' } }],
    ['of an answer without a decision', { complaint: { decision: null } }],
    ['of a decision that nobody has recorded', { decision: null }],
    ['of another group', { decision: { group: 'guests' }, complaint: { group: 'guests' } }],
    ['of the other direction', { decision: { direction: 'outbound' } }],
    ['of other rules', { decision: { scores: [] } }],
    ['of a decision of before the canary', { decision: { made: '2026-11-30T09:00:00.000Z' } }],
    ['of a rollout at its end', { rollout: { stage: 'stopped' } }],
  ] as const)('does not count %s', async (_, changed) => {
    expect(await counted(changed)).toEqual([])
  })
})
