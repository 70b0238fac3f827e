import type { LabelledScore } from '../../core/tuning.ts'

/** A labelled decision beside the two thresholds, for people to look at. */
export interface BoundaryExample {
  readonly decision: string
  readonly score: number
  readonly truth: LabelledScore['truth']
  /** Did the rule act by the threshold in force, and would it by the new one? */
  readonly before: boolean
  readonly after: boolean
}

const most = 12

/** Decisions that would be treated otherwise, then those nearest to the new threshold, whose score is known. */
export function examplesBetween(items: readonly LabelledScore[], from: number, to: number): readonly BoundaryExample[] {
  const examples = items
    .filter(({ isBound }) => !isBound)
    .map(({ decision, score, truth }) => ({ decision, score, truth, before: score >= from, after: score >= to }))
  const changes = ({ before, after }: BoundaryExample) => Number(before !== after)
  const distance = ({ score }: BoundaryExample) => Math.abs(score - to)
  return examples
    .toSorted(
      (one, other) =>
        changes(other) - changes(one) || distance(one) - distance(other) || (one.decision < other.decision ? -1 : 1),
    )
    .slice(0, most)
}
