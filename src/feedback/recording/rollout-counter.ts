import type { RolloutCounts, Rollouts } from '../../core/tuning.ts'
import type { VotedScore } from '../../filters/pipeline/votes.ts'
import { nothingCounted, plus } from '../rollouts/counts.ts'
import type { ActiveRollout } from '../rollouts/thresholds-in-force.ts'

/**
 * What two thresholds make of one score. `at-least-after`: the candidate acts, which has ended an answer before it was known
 * whether the one in force would.
 */
export const comparedOutcomes = ['both', 'only-before', 'only-after', 'neither', 'at-least-after', 'unknown'] as const
export type ComparedOutcome = (typeof comparedOutcomes)[number]

/** Would a rule act by a threshold? Null where a detector was left out that could have made it. */
export function acts({ score, isBound }: Pick<VotedScore, 'score' | 'isBound'>, threshold: number): boolean | null {
  // Nothing acts on what was not found, however low its threshold.
  if (score > 0 && score >= threshold) return true
  return isBound ? null : false
}

/** Null where the rule was not asked. */
export function compare(
  { place, before, after }: Pick<ActiveRollout, 'place' | 'before' | 'after'>,
  scores: readonly VotedScore[] | null,
): ComparedOutcome | null {
  if (scores === null) return 'unknown'
  const scored = scores.find(({ rule }) => rule === place.rule)
  if (scored === undefined) return null
  const [by, wouldBe] = [acts(scored, before), acts(scored, after)]
  if (by === null && wouldBe === true) return 'at-least-after'
  if (by === null || wouldBe === null) return 'unknown'
  if (by) return wouldBe ? 'both' : 'only-before'
  return wouldBe ? 'only-after' : 'neither'
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Counts what both thresholds of rollouts make of decisions, until it is handed to the storage. */
export class RolloutCounter {
  #counted = new Map<string, Map<string, Mutable<RolloutCounts>>>()

  get isEmpty(): boolean {
    return this.#counted.size === 0
  }

  count({ id, stage, arm }: Pick<ActiveRollout, 'id' | 'stage' | 'arm'>, outcome: ComparedOutcome): void {
    const byArm = this.#counted.get(id) ?? new Map<string, Mutable<RolloutCounts>>()
    this.#counted.set(id, byArm)
    const key = `${stage} ${arm}`
    const counts = byArm.get(key) ?? { stage, arm, ...nothingCounted }
    byArm.set(key, counts)
    counts.requests += 1
    if (outcome === 'both' || outcome === 'only-before') counts.actedBefore += 1
    if (outcome === 'both' || outcome === 'only-after' || outcome === 'at-least-after') counts.actedAfter += 1
    if (outcome === 'only-before') counts.onlyBefore += 1
    if (outcome === 'only-after') counts.onlyAfter += 1
    if (outcome === 'unknown' || outcome === 'at-least-after') counts.unknown += 1
  }

  /**
   * Hands over what was counted, rollout by rollout; rejects where the storage does not take it, which is counted on with what
   * comes then. What it does not say that it took is handed over again: a count may be too high by what it took all the same.
   */
  async flush(rollouts: Pick<Rollouts, 'count'>): Promise<void> {
    const counted = this.#counted
    this.#counted = new Map()
    try {
      for (const [id, byArm] of counted) {
        await rollouts.count(id, [...byArm.values()])
        counted.delete(id)
      }
    } finally {
      for (const [id, byArm] of counted) this.#putBack(id, byArm)
    }
  }

  #putBack(id: string, byArm: ReadonlyMap<string, Mutable<RolloutCounts>>): void {
    const now = this.#counted.get(id) ?? new Map<string, Mutable<RolloutCounts>>()
    this.#counted.set(id, now)
    for (const [key, before] of byArm) {
      now.set(key, { ...before, ...plus(now.get(key) ?? nothingCounted, before) })
    }
  }
}
