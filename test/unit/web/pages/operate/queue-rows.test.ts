import { describe, expect, it } from 'vitest'
import { complaintReasons } from '../../../../../src/core/complaints.ts'
import { strata } from '../../../../../src/core/recorded-decisions.ts'
import { addLabel } from '../../../../../src/surfaces/wire/admin/tuning-queue.ts'
import type { QueueItem, RecordedDecision } from '../../../../../src/web/api/generated/operators.ts'
import { queueRow, readLabel, scoreRows } from '../../../../../src/web/pages/operate/feedback/queue-rows.ts'

type Complaint = Extract<QueueItem, { readonly complaint: unknown }>['complaint']

const made = '2026-11-30T20:00:00.000Z'

const score = (rule: string, value: number, threshold: number) => ({
  rule,
  score: value,
  threshold,
  effective: value >= threshold ? 'block' : 'allow',
  detectors: 'd@1',
  is_bound: false,
})

const decision: RecordedDecision = {
  id: 'dec-1',
  principal: 'k1',
  group: 'support',
  direction: 'outbound',
  api: 'chat-completions',
  profile: { name: 'default', version: 1 },
  tuning_revision: 0,
  canary: null,
  action: 'block',
  scores: [score('hate', 0.1, 0.5), score('toxicity', 0.61, 0.5), score('pii/email', 0.4, 0.5)],
  stratum: 'withheld',
  weight: 1,
  made,
}

const complaint = (facts: Partial<Complaint> = {}): QueueItem => ({
  kind: 'appeal',
  complaint: {
    id: 'cmp_1',
    kind: 'appeal',
    verdict: 'down',
    reason: 'harmless',
    principal: 'k1',
    group: 'support',
    decision: 'dec-1',
    answer: null,
    state: 'waiting',
    made,
    ...facts,
  },
})

const report: QueueItem = {
  kind: 'receipt',
  report: { id: 'prp_1', principal: 'k1', receipt: 'prc_1', fault: 'missed', made },
}

const opened = (item: QueueItem, about: RecordedDecision | null) => ({
  item,
  decision: about,
  comment: null,
  text: null,
  labels: [],
})

describe('what waits in the queue', () => {
  it('is said in words for every reason and stratum that there is', () => {
    const reasons = complaintReasons.map((reason) => queueRow(complaint({ reason })).what)
    expect(reasons.filter((what, at) => what === complaintReasons[at])).toEqual([])
    const drawn = strata.map((stratum) => queueRow({ kind: 'audit', decision: { ...decision, stratum } }).what)
    expect(drawn.filter((what, at) => what === strata[at])).toEqual([])
  })

  it('can be dismissed where it is a complaint, and nowhere else', () => {
    const items = [complaint(), report, { kind: 'audit', decision } as const]
    expect(items.map((item) => queueRow(item).isComplaint)).toEqual([true, false, false])
    expect(items.map((item) => queueRow(item).id)).toEqual(['cmp_1', 'prp_1', 'dec-1'])
  })

  it('says that a thumb was up, which asks for nothing', () => {
    expect(queueRow(complaint({ kind: 'thumb', verdict: 'up' })).what).toBe('thumb up')
  })

  it('shows the rule that acted before those that did not', () => {
    const rows = scoreRows({ ...decision, scores: decision.scores.map((each) => ({ ...each, is_bound: true })) })
    expect(rows.map(({ rule, score: shown, acted }) => [rule, shown, acted])).toEqual([
      ['toxicity', '≥ 0.610', true],
      ['pii/email', '≥ 0.400', false],
      ['hate', '≥ 0.100', false],
    ])
  })
})

describe('a label', () => {
  const draft = { rule: 'toxicity', truth: 'harmless', why: ' a quotation ', decision: '' } as const

  it('is a body that the route takes', () => {
    const read = readLabel(opened(complaint(), decision), draft)
    expect(read).toEqual({ body: { item: 'cmp_1', rule: 'toxicity', truth: 'harmless', why: 'a quotation' } })
    expect(addLabel.body.safeParse('body' in read ? read.body : null).success).toBe(true)
  })

  it('names the decision where its item names none', () => {
    expect(readLabel(opened(report, null), draft)).toMatchObject({ field: 'decision' })
    expect(readLabel(opened(report, null), { ...draft, decision: 'dec-9' })).toMatchObject({
      body: { item: 'prp_1', decision: 'dec-9' },
    })
  })

  it.each([
    ['rule', { rule: '' }],
    ['why', { why: ' ' }],
    ['why', { why: 'x'.repeat(501) }],
  ])('says which field has to be filled in otherwise: %s', (field, change) => {
    expect(readLabel(opened(complaint(), decision), { ...draft, ...change })).toMatchObject({ field })
  })
})
