import { feedbackOptions } from '../../../src/feedback/options.ts'
import { gatesOf } from '../../../src/feedback/rollouts/gates.ts'

/** What a stage has to have come to where the configuration says nothing of it. */
export const defaultGates = gatesOf(feedbackOptions.parse({}))
