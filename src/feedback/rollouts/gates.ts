import type { FeedbackOptions } from '../options.ts'
import type { StageGates } from './stage-rules.ts'

const hour = 3_600_000

/** What a stage has to have come to before the next one, as the configuration says it. */
export function gatesOf({ rollouts }: Pick<FeedbackOptions, 'rollouts'>): StageGates {
  const { least_requests: leastRequests, shadow_hours: shadow, canary_hours: canary, watch_hours: watch } = rollouts
  return {
    leastRequests,
    leastMilliseconds: { shadow: shadow * hour, canary: canary * hour, promoted: watch * hour },
  }
}
