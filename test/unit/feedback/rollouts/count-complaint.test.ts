import { describe, expect, it } from 'vitest'
import type { ComplaintFacts } from '../../../../src/core/complaints.ts'
import type { RecordedDecision } from '../../../../src/core/recorded-decisions.ts'
import type { Rollout, RolloutCounts } from '../../../../src/core/tuning.ts'
import { countComplaint } from '../../../../src/feedback/rollouts/count-complaint.ts'
import { createAnswerIds } from '../../../../src/feedback/complaints/answer-ids.ts'
import { createCanary } from '../../../../src/feedback/rollouts/in-canary.ts'
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

const outbound = { ...exampleRollout().place, direction: 'outbound' } as const

const idsAt = (now: number) => createAnswerIds({ keys: [Buffer.alloc(32, 1)], now: () => now })

const begun = [{ at: '2026-11-30T10:00:00.000Z', by: 'ann', from: 'shadow', to: 'canary', why: '' }] as const

const raised = { ...begun[0], from: 'canary', at: '2026-11-30T11:30:00.000Z' } as const
const promoted = { stage: 'promoted', steps: [{ ...begun[0], from: 'canary', to: 'promoted' }] } as const

interface Changed {
  readonly complaint?: Partial<ComplaintFacts>
  readonly decision?: Partial<RecordedDecision> | null
  readonly rollouts?: readonly Partial<Rollout>[]
  readonly earlier?: readonly Partial<ComplaintFacts>[]
  readonly caller?: string
}

async function counted({ rollouts = [{}], earlier = [], caller = 'key_1', ...changed }: Changed = {}) {
  const counts: { readonly id: string; readonly counts: readonly RolloutCounts[] }[] = []
  const found = changed.decision === null ? null : { ...decision, ...changed.decision }
  const said = { ...complaint, ...changed.complaint }
  const before = earlier.map((each) => ({ ...said, id: 'cmp_0', ...each }))
  await countComplaint(
    {
      decisions: { find: (id) => Promise.resolve(id === found?.id ? found : null) },
      rollouts: {
        state: () =>
          Promise.resolve(exampleState({ rollouts: rollouts.map((own) => exampleRollout({ steps: begun, ...own })) })),
        count: async (id, given) => void counts.push({ id, counts: given }),
      },
      complaints: { madeBy: async (principal) => (principal === said.principal ? [...before, said] : []) },
    },
    said,
    { caller, readAnswer: (id) => idsAt(0).read({ id: caller }, id) },
  )
  return counts.flatMap(({ id, counts: given }) =>
    given.map(({ stage, arm, complaints, requests }) => [id, stage, arm, complaints, requests]),
  )
}

describe('a complaint that was kept', () => {
  it('counts for the arm that has decided, once, and as no request', async () => {
    expect(await counted()).toEqual([['rol_1', 'canary', 'control', 1, 0]])
    expect(await counted({ decision: { canary: 'rol_1' } })).toEqual([['rol_1', 'canary', 'canary', 1, 0]])
    expect(await counted({ rollouts: [promoted] })).toEqual([['rol_1', 'promoted', 'canary', 1, 0]])
  })

  it('counts for each canary that its caller is in, of which one is recorded', async () => {
    const other = { id: 'rol_2', place: exampleRollout().place, share: 1 }
    expect(await counted({ decision: { canary: 'rol_1' }, rollouts: [{}, other] })).toEqual([
      ['rol_1', 'canary', 'canary', 1, 0],
      ['rol_2', 'canary', 'canary', 1, 0],
    ])
  })

  it.each([
    ['that says that all is well', { complaint: { verdict: 'up' } }],
    ['of an answer without a decision', { complaint: { decision: null } }],
    ['of a decision that nobody has recorded', { decision: null }],
    ['of another group', { decision: { group: 'guests' }, complaint: { group: 'guests' } }],
    ['of the other direction', { decision: { direction: 'outbound' } }],
    ['of other rules', { decision: { scores: [] } }],
    ['of what was let pass for another reason', { decision: { action: 'allow' }, complaint: { reason: 'wrong' } }],
    ['of a decision of before the canary', { decision: { made: '2026-11-30T09:00:00.000Z' } }],
    ['of a rollout at its end', { rollouts: [{ stage: 'stopped' }] }],
  ] as const)('does not count %s', async (_, changed) => {
    expect(await counted(changed)).toEqual([])
  })
})

/** An answer of `key` of which nothing is recorded, in a group with a rollout of each direction. */
async function ofAnswer(
  changed: Changed & { readonly key?: string; readonly given?: string; readonly filtered?: boolean },
) {
  const { key = 'key_1', given = '2026-11-30T11:00:00.000Z', filtered = true, rollouts = [{}], ...rest } = changed
  const named = filtered ? 'dec-0f1e2d3c-4b5a-4968-8776-655443322110' : null
  const answer = idsAt(Date.parse(given)).name({ id: key }, named)
  const about = { kind: 'thumb', reason: 'harmful', decision: null, answer } as const
  return counted({
    decision: null,
    caller: key,
    ...rest,
    complaint: { ...about, ...rest.complaint },
    rollouts: rollouts.map((own) => Object.assign({ place: outbound }, own)),
  })
}

describe('a complaint about an answer of which nothing is recorded', () => {
  it('counts for the arm that its caller is in by the salt, also where a person behind the key complains', async () => {
    const isIn = createCanary(exampleRollout())
    const keys = Array.from({ length: 20 }, (_, index) => `key_${index}`)
    const arms = new Set<string>()
    for (const key of keys) {
      const arm = isIn(key) ? 'canary' : 'control'
      arms.add(arm)
      expect(await ofAnswer({ key, complaint: { principal: `user:${key}` } })).toEqual([['rol_1', 'canary', arm, 1, 0]])
    }
    expect([...arms].toSorted()).toEqual(['canary', 'control'])
  })

  it('counts in shadow for the threshold in force and after a promotion for the candidate, as requests do', async () => {
    const shadow = { stage: 'shadow', steps: [{ ...begun[0], from: null, to: 'shadow' }] } as const
    expect(await ofAnswer({ rollouts: [shadow] })).toEqual([['rol_1', 'shadow', 'control', 1, 0]])
    expect(await ofAnswer({ rollouts: [promoted] })).toEqual([['rol_1', 'promoted', 'canary', 1, 0]])
  })

  it('counts for what was let in as well, and for that alone where nothing was decided about the answer', async () => {
    const both = [{ share: 1 }, { id: 'rol_2', place: exampleRollout().place, share: 0 }]
    const [out, letIn] = [
      ['rol_1', 'canary', 'canary', 1, 0],
      ['rol_2', 'canary', 'control', 1, 0],
    ]
    expect(await ofAnswer({ rollouts: both })).toEqual([out, letIn])
    expect(await ofAnswer({ rollouts: both, filtered: false })).toEqual([letIn])
  })

  it.each([
    ['was given before the stage', { given: '2026-11-30T09:59:59.000Z' }],
    ['was given before the present share', { rollouts: [{ steps: [...begun, raised] }] }],
    ['was given when nobody knows whether the stage had begun', { rollouts: [{ steps: [] }] }],
    ['is wrong by any threshold', { complaint: { reason: 'wrong' } }],
    ['is not signed for its caller', { caller: 'key_2' }],
    ['is good', { complaint: { verdict: 'up' } }],
    ['is of another group', { complaint: { group: 'guests' } }],
  ] as const)('does not count where it %s', async (_, changed) => {
    expect(await ofAnswer(changed)).toEqual([])
  })
})

describe('who complains again and again', () => {
  const first = idsAt(Date.parse('2026-11-30T10:30:00.000Z')).name(
    { id: 'key_1' },
    'dec-0f1e2d3c-4b5a-4968-8776-655443322110',
  )

  it('is counted three times for an arm in a stage, whatever is complained of', async () => {
    for (const many of [
      (times: number) => ofAnswer({ earlier: Array.from({ length: times }, () => ({ answer: first })) }),
      (times: number) => counted({ earlier: Array.from({ length: times }, () => ({ kind: 'thumb' })) }),
      (times: number) => counted({ earlier: Array.from({ length: times }, () => ({ id: 'cmp_9' })) }),
    ]) {
      expect(await many(2)).toHaveLength(1)
      expect(await many(3)).toEqual([])
    }
  })

  it.each([
    ['came later', { made: '2026-11-30T12:00:00.001Z' }],
    ['were about answers of before the stage', { answer: idsAt(0).name({ id: 'key_1' }, null) }],
    ['were about nothing that a filter does', { reason: 'wrong' }],
    ['were none', { verdict: 'up' }],
    ['were of another group', { group: 'guests' }],
  ] as const)('is counted where the other ones %s', async (_, earlier) => {
    expect(await ofAnswer({ earlier: [earlier, earlier, earlier] })).toHaveLength(1)
  })
})
