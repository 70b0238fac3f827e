import type { ComplaintFacts } from '../../core/complaints.ts'
import type { Label } from '../../core/tuning.ts'

/** What came of an appeal: it was right, it was not, or whoever looked could not say. */
export const appealOutcomes = ['upheld', 'rejected', 'undecided'] as const

export type AppealOutcome = (typeof appealOutcomes)[number]

/**
 * What came of an appeal by the labels of its decision that settle it, oldest first, the last one of each rule holding; null
 * as long as nobody has said. Where several rules have acted it was right if one of them was wrong.
 */
export function outcomeOf(
  { id, state }: Pick<ComplaintFacts, 'id' | 'state'>,
  labels: readonly Label[],
): AppealOutcome | null {
  if (state !== 'labelled') return null
  const settled = new Set(labels.filter(({ complaint }) => complaint === id).map(({ rule }) => rule))
  const last = new Map(labels.filter(({ rule }) => settled.has(rule)).map(({ rule, truth }) => [rule, truth]))
  const truths = new Set(last.values())
  if (truths.has('harmless')) return 'upheld'
  return truths.has('harmful') ? 'rejected' : 'undecided'
}
