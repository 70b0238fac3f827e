import type {
  OperatorRoutes,
  QueueItem,
  RecordedDecision,
  TuningLabelRequest,
} from '../../../api/generated/operators.ts'

export type OpenedItem = OperatorRoutes['POST /admin/v1/tuning/queue/{id}/reading']['answer']
type Truth = TuningLabelRequest['truth']

/** One that waits, as a row of the list. */
export interface QueueRow {
  readonly id: string
  readonly kind: QueueItem['kind']
  readonly what: string
  readonly principal: string
  readonly group: string
  readonly made: string
  /** Can it be taken from the queue without a label? Complaints can. */
  readonly isComplaint: boolean
}

const reasons: Readonly<Record<string, string>> = {
  harmless: 'a filter took something harmless for harmful',
  harmful: 'something harmful was let through',
  needed: 'what was hidden is needed',
  wrong: 'the answer is wrong',
  other: 'something else',
}

const strata: Readonly<Record<string, string>> = {
  withheld: 'drawn: withheld',
  changed: 'drawn: changed',
  near: 'drawn: near its threshold',
  passed: 'drawn: passed',
}

export function queueRow(item: QueueItem): QueueRow {
  if (item.kind === 'audit') {
    const { id, stratum, principal, group, made } = item.decision
    return { id, kind: item.kind, what: strata[stratum] ?? stratum, principal, group, made, isComplaint: false }
  }
  if (item.kind === 'receipt') {
    const { id, fault, principal, made } = item.report
    const what = fault === 'missed' ? 'a value was not masked' : 'something harmless was masked'
    return { id, kind: item.kind, what, principal, group: '', made, isComplaint: false }
  }
  const { id, verdict, reason, principal, group, made } = item.complaint
  const what = verdict === 'up' ? 'thumb up' : (reasons[reason] ?? reason)
  return { id, kind: item.kind, what, principal, group, made, isComplaint: true }
}

/** A score of a decision, as it is read. */
export interface ScoreRow {
  readonly rule: string
  /** `≥ 0.412` where a detector was left out. */
  readonly score: string
  readonly threshold: string
  readonly effective: string
  readonly acted: boolean
}

/** Scores from the one nearest above its threshold down, since that is the one that is complained about. */
export function scoreRows({ scores }: RecordedDecision): readonly ScoreRow[] {
  return scores
    .toSorted((one, other) => other.score - other.threshold - (one.score - one.threshold))
    .map(({ rule, score, threshold, effective, is_bound: isBound }) => ({
      rule,
      score: `${isBound ? '≥ ' : ''}${score.toFixed(3)}`,
      threshold: String(threshold),
      effective,
      acted: effective !== 'allow' && effective !== 'annotate',
    }))
}

export interface LabelDraft {
  readonly rule: string
  readonly truth: Truth
  readonly why: string
  /** Of the decision, where the item names none. */
  readonly decision: string
}

export type ReadLabel =
  | { readonly body: TuningLabelRequest }
  | { readonly field: 'rule' | 'why' | 'decision'; readonly fault: string }

/** Reads what a person says of an item that is open into the body of `POST /admin/v1/tuning/labels`. */
export function readLabel({ item, decision }: OpenedItem, draft: LabelDraft): ReadLabel {
  const { id } = queueRow(item)
  if (draft.rule === '') return { field: 'rule', fault: 'Choose the category that is labelled.' }
  const why = draft.why.trim()
  if (why === '' || why.length > 500) return { field: 'why', fault: 'Say why, in 1 to 500 characters.' }
  const said = { item: id, rule: draft.rule, truth: draft.truth, why }
  if (decision !== null) return { body: said }
  const named = draft.decision.trim()
  if (!/^dec-[\w-]{1,100}$/.test(named)) {
    return {
      field: 'decision',
      fault: 'Nothing of it is recorded: name the decision, dec-…, as the audit trail has it.',
    }
  }
  return { body: { ...said, decision: named } }
}
