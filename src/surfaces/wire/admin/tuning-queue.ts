import { z } from 'zod'
import { complaintKinds, complaintReasons, complaintStates, verdicts } from '../../../core/complaints.ts'
import { reportFaults } from '../../../core/miss-reports.ts'
import { strata, type RecordedDecision } from '../../../core/recorded-decisions.ts'
import { labelSources, queueKinds, truths, type Label } from '../../../core/tuning.ts'
import type { OpenedItem, QueueItem } from '../../../feedback/tuning-keeper.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { decisionId, direction, groupName, itemId, ruleName, why } from './tuning-members.ts'

const complaint = z.strictObject({
  id: z.string(),
  kind: z.enum(complaintKinds),
  verdict: z.enum(verdicts),
  reason: z.enum(complaintReasons),
  principal: z.string().describe('The caller that complains.'),
  group: z.string(),
  decision: z.string().nullable(),
  answer: z.string().nullable(),
  state: z.enum(complaintStates),
  made: z.iso.datetime(),
})

const recorded = z
  .strictObject({
    id: z.string(),
    principal: z.string(),
    group: z.string(),
    direction,
    api: z.string(),
    profile: z.strictObject({ name: z.string(), version: z.int() }),
    tuning_revision: z.int().describe('Of the thresholds in force; 0 where nothing was tuned.'),
    canary: z.string().nullable(),
    action: z.string(),
    scores: z.array(
      z.strictObject({
        rule: z.string(),
        score: z.number(),
        threshold: z.number(),
        effective: z.string(),
        detectors: z.string(),
        is_bound: z.boolean().describe('Was a detector left out, so that the score may be higher?'),
      }),
    ),
    stratum: z.enum(strata),
    weight: z.number().describe('How many decisions of its stratum it stands for.'),
    made: z.iso.datetime(),
  })
  .meta({ id: 'RecordedDecision' })

const report = z.strictObject({
  id: z.string(),
  principal: z.string(),
  receipt: z.string(),
  fault: z.enum(reportFaults),
  made: z.iso.datetime(),
})

const item = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['appeal', 'thumb']), complaint }),
    z.strictObject({ kind: z.literal('audit'), decision: recorded }),
    z.strictObject({ kind: z.literal('receipt'), report }),
  ])
  .meta({ id: 'QueueItem' })

const label = z
  .strictObject({
    id: z.string(),
    decision: z.string(),
    rule: z.string(),
    truth: z.enum(truths),
    by: z.string(),
    why: z.string(),
    source: z.enum(labelSources),
    complaint: z.string().nullable(),
    made: z.iso.datetime(),
  })
  .meta({ id: 'Label' })

type DecisionJson = z.infer<typeof recorded>
export type QueueItemJson = z.infer<typeof item>
export type LabelJson = z.infer<typeof label>

/** Without the conversation that it belongs to, whose id opens one. */
function toDecision(of: RecordedDecision): DecisionJson {
  const { id, principal, group, direction: way, api, profile, revision, canary, action, scores, stratum } = of
  return {
    id,
    principal,
    group,
    direction: way,
    api,
    profile,
    tuning_revision: revision,
    canary,
    action,
    scores: scores.map(({ rule, score, threshold, effective, detectors, isBound }) => {
      return { rule, score, threshold, effective, detectors, is_bound: isBound }
    }),
    stratum,
    weight: of.weight,
    made: of.made,
  }
}

function fromDecision({ tuning_revision: revision, scores, ...rest }: DecisionJson): RecordedDecision {
  return {
    ...rest,
    revision,
    conversation: null,
    scores: scores.map(({ rule, score, threshold, effective, detectors, is_bound: isBound }) => {
      return { rule, score, threshold, effective, detectors, isBound }
    }),
  }
}

export function toQueueItem(of: QueueItem): QueueItemJson {
  if (of.kind === 'audit') return { kind: of.kind, decision: toDecision(of.decision) }
  if (of.kind === 'receipt') {
    const { id, principal, receipt, fault, made } = of.report
    return { kind: of.kind, report: { id, principal, receipt, fault, made } }
  }
  const { id, kind, verdict, reason, principal, group, decision, answer, state, made } = of.complaint
  return { kind: of.kind, complaint: { id, kind, verdict, reason, principal, group, decision, answer, state, made } }
}

export function fromQueueItem(of: QueueItemJson): QueueItem {
  return of.kind === 'audit' ? { kind: of.kind, decision: fromDecision(of.decision) } : of
}

export function toLabel({ id, decision, rule, truth, by, why: reason, source, complaint: of, made }: Label): LabelJson {
  return { id, decision, rule, truth, by, why: reason, source, complaint: of, made }
}

export const listQueue = route({
  id: 'tuning.queue',
  method: 'get',
  path: '/admin/v1/tuning/queue',
  summary:
    'What waits for somebody to look at it: complaints, reports of values that were missed, and drawn decisions.',
  params: noParams,
  query: z.strictObject({
    kind: z.enum(queueKinds).optional().describe('audit: decisions that are drawn; needs group, direction and rule.'),
    group: groupName.optional(),
    direction: direction.optional(),
    rule: ruleName.optional(),
    state: z.enum(complaintStates).optional().describe('Of complaints.'),
    limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('At most so many of each kind.'),
    seed: z.coerce.number().int().min(0).max(2_147_483_647).default(1).describe('By which decisions are drawn.'),
  }),
  body: noBody,
  status: 200,
  answer: z.strictObject({ data: z.array(item), left: z.int().describe('How many more there are than are shown.') }),
  errors: [],
})

export const readItem = route({
  id: 'tuning.read',
  method: 'post',
  path: '/admin/v1/tuning/queue/{id}/reading',
  summary: 'One of the queue, opened: that somebody did is on the audit trail.',
  params: z.strictObject({ id: itemId }),
  query: noParams,
  body: z.strictObject({
    values: z.boolean().default(false).describe('With the comment of its caller and the masked text?'),
  }),
  status: 200,
  answer: z.strictObject({
    item,
    decision: recorded.nullable(),
    comment: z.string().nullable().describe('null where there is none, or it was not asked for.'),
    text: z.string().nullable().describe('What the filter read, masked; null where none is kept or asked for.'),
    labels: z.array(label),
  }),
  errors: ['not-found', 'invalid-config'],
  told: ['values'],
})

export function toOpened({ item: of, decision, comment, text, labels }: OpenedItem): z.infer<typeof readItem.answer> {
  return {
    item: toQueueItem(of),
    decision: decision === null ? null : toDecision(decision),
    comment,
    text,
    labels: labels.map(toLabel),
  }
}

export function fromOpened({ item: of, decision, ...rest }: z.infer<typeof readItem.answer>): OpenedItem {
  return { ...rest, item: fromQueueItem(of), decision: decision === null ? null : fromDecision(decision) }
}

export const addLabel = route({
  id: 'tuning.label',
  method: 'post',
  path: '/admin/v1/tuning/labels',
  summary: 'What somebody says of a text and a rule; the last label of both holds.',
  params: noParams,
  query: noParams,
  body: z.strictObject({
    item: itemId,
    rule: ruleName,
    truth: z.enum(truths),
    why,
    decision: decisionId.optional().describe('The decision that it is about, where the item names none.'),
  }),
  status: 201,
  answer: label,
  errors: ['not-found', 'forbidden', 'conflict'],
  told: ['item', 'rule', 'truth', 'why', 'decision'],
})

export const dismissComplaint = route({
  id: 'tuning.dismiss',
  method: 'post',
  path: '/admin/v1/tuning/queue/{id}/dismissal',
  summary: 'A complaint is taken from the queue without a label.',
  params: z.strictObject({ id: itemId }),
  query: noParams,
  body: z.strictObject({ why }),
  status: 204,
  answer: noBody,
  errors: ['not-found', 'forbidden', 'conflict'],
  told: ['why'],
})
