import type { QueueItem } from '../../api/generated/operators.ts'

/** One that waits for a label of one rule. */
export interface Waiting {
  readonly id: string
  /** Until it is labelled: nothing of what the filter thinks of it. */
  readonly what: string
  /** Of what it was drawn: what became of it, which says what the filter thinks. Empty for a complaint. */
  readonly drawnOf: string
  readonly principal: string
  readonly made: string
  /** Of the rule, where the item has it; `≥ 0.412` where a detector was left out. */
  readonly score: string
  /** Can it be taken away without a label? */
  readonly isComplaint: boolean
}

const strata: Readonly<Record<string, string>> = {
  withheld: 'it was withheld',
  changed: 'it was changed',
  near: 'it is near the threshold',
  passed: 'it passed',
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
      const drawnOf = strata[stratum] ?? stratum
      waiting.push({ id, what: 'drawn', drawnOf, principal, made, score, isComplaint: false })
      continue
    }
    const { id, reason, principal, made } = item.complaint
    const what = reasons[reason] ?? reason
    waiting.push({ id, what, drawnOf: '', principal, made, score: '', isComplaint: true })
  }
  return waiting.toSorted((one, other) => Number(other.isComplaint) - Number(one.isComplaint))
}

/**
 * What a row says of an item. Its score, and of what it was drawn, are there once it is labelled: whoever sees them before labels
 * what the filter says, and not what the text is.
 */
export function toldOf(
  { what, drawnOf, score }: Pick<Waiting, 'what' | 'drawnOf' | 'score'>,
  isLabelled: boolean,
): { readonly what: string; readonly score: string } {
  if (!isLabelled) return { what, score: '' }
  return { what: drawnOf === '' ? what : `${what}: ${drawnOf}`, score }
}
