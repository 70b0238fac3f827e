import type { QueueItem } from '../../api/generated/operators.ts'

/** One that waits for a label of one rule. */
export interface Waiting {
  readonly id: string
  readonly what: string
  readonly principal: string
  readonly made: string
  /** Of the rule, where the item has it; `≥ 0.412` where a detector was left out. */
  readonly score: string
  /** Can it be taken away without a label? */
  readonly isComplaint: boolean
}

const strata: Readonly<Record<string, string>> = {
  withheld: 'drawn of what was withheld',
  changed: 'drawn of what was changed',
  near: 'drawn near the threshold',
  passed: 'drawn of what passed',
}

const reasons: Readonly<Record<string, string>> = {
  harmless: 'objects that it is harmless',
  harmful: 'reports something harmful',
  needed: 'needs what was hidden',
  wrong: 'says that the answer is wrong',
  other: 'complains',
}

/** What waits of a rule, complaints first: somebody waits for these. Reports are of no rule, and are left out. */
export function waitingOf(items: readonly QueueItem[], rule: string): readonly Waiting[] {
  const waiting: Waiting[] = []
  for (const item of items) {
    if (item.kind === 'receipt') continue
    if (item.kind === 'audit') {
      const { id, stratum, principal, made, scores } = item.decision
      const own = scores.find((each) => each.rule === rule)
      const score = own === undefined ? '' : `${own.is_bound ? '≥ ' : ''}${own.score.toFixed(3)}`
      waiting.push({ id, what: strata[stratum] ?? stratum, principal, made, score, isComplaint: false })
      continue
    }
    const { id, reason, principal, made } = item.complaint
    waiting.push({ id, what: reasons[reason] ?? reason, principal, made, score: '', isComplaint: true })
  }
  return waiting.toSorted((one, other) => Number(other.isComplaint) - Number(one.isComplaint))
}
