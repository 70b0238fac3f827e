import type { FeedbackOptions } from '../options.ts'
import type { StageGates } from './stage-rules.ts'

const day = 86_400_000

/** What a stage has to have come to before the next one, as the configuration says it. */
export function gatesOf({ rollouts }: Pick<FeedbackOptions, 'rollouts'>): StageGates {
  const { least_requests: leastRequests, shadow_days: shadow, canary_days: canary, watch_days: watch } = rollouts
  return {
    leastRequests,
    leastMilliseconds: { shadow: shadow * day, canary: canary * day, promoted: watch * day },
  }
}
