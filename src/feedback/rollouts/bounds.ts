import type { RolloutBounds } from '../../core/tuning.ts'

/** Complaints of one caller, or of one person behind its key, that count for an arm in a stage. */
export const mostOfOne = 3

/** Bounds of a rollout where nobody says otherwise. */
export const defaultBounds: RolloutBounds = {
  mostActedRatio: 1.25,
  mostActedIncrease: 0.05,
  mostComplaintIncrease: 2,
  error: 0.05,
}

/** What is wrong with bounds, so that nothing could be held against them; null where nothing is. */
export function whyNoBounds({
  mostActedRatio,
  mostActedIncrease,
  mostComplaintIncrease,
  error,
}: RolloutBounds): string | null {
  if (!(mostActedRatio >= 1 && mostActedRatio <= 1_000)) return 'how many times as often it may act is from 1 to 1,000'
  if (!(mostActedIncrease >= 0 && mostActedIncrease <= 1))
    return 'how much more often it may act is a share, from 0 to 1'
  if (!(mostComplaintIncrease >= 0 && mostComplaintIncrease <= 100)) {
    return 'complaints in a hundred decisions are from 0 to 100'
  }
  return error > 0 && error <= 0.5 ? null : 'the error is more than 0, and 0.5 at most'
}
