import type { Rollout, RolloutCounts, RolloutSeen } from '../../../src/core/tuning.ts'
import { exampleRollout } from './tuning-examples.ts'

/** Counts of one arm: so many requests, and on how many each threshold acted, where one acts on all that the other one does. */
export function counted(
  arm: RolloutCounts['arm'],
  { requests, before, after, ...rest }: { requests: number; before: number; after: number } & Partial<RolloutCounts>,
): RolloutCounts {
  return {
    stage: 'canary',
    arm,
    requests,
    actedBefore: before,
    actedAfter: after,
    onlyBefore: Math.max(0, before - after),
    onlyAfter: Math.max(0, after - before),
    unknown: 0,
    complaints: 0,
    ...rest,
  }
}

/** A rollout whose present stage began at midnight, as it is seen so many hours later. */
export function seenAfter(
  hours: number,
  counts: readonly RolloutCounts[],
  changed: Partial<Rollout> = {},
): RolloutSeen {
  const rollout = exampleRollout(changed)
  const begun = Date.parse('2026-11-30T00:00:00.000Z')
  const step = {
    at: new Date(begun).toISOString(),
    by: 'ann',
    from: null,
    to: rollout.stage,
    why: 'so that it is seen',
  }
  return {
    rollout: { ...rollout, steps: changed.steps ?? [step] },
    now: new Date(begun + hours * 3_600_000).toISOString(),
    counts,
  }
}
