import type { TuningPlace } from '../../../src/core/recorded-decisions.ts'
import type { Rollout, TunedThreshold, TuningState } from '../../../src/core/tuning.ts'

export const place: TuningPlace = { group: 'staff', direction: 'inbound', rule: 'toxicity' }

export function exampleRollout(changed: Partial<Rollout> = {}): Rollout {
  return {
    id: 'rol_1',
    place,
    proposal: 'tpr_1',
    from: 0.5,
    to: 0.6,
    detectors: 'words@1',
    stage: 'canary',
    share: 0.5,
    salt: 'a salt',
    bounds: { mostActedRatio: 1.5, mostActedIncrease: 0.1, mostComplaintIncrease: 2, error: 0.05 },
    revision: 1,
    steps: [],
    ...changed,
  }
}

/** A state of revision 7. */
export function exampleState(changed: Partial<TuningState> = {}): TuningState {
  return { revision: 7, thresholds: [], rollouts: [], ...changed }
}

export function tuned(threshold: number, changed: Partial<TunedThreshold> = {}): TunedThreshold {
  return { place, threshold, rollout: 'rol_1', ...changed }
}
