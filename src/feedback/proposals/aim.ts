import { ServiceError } from '../../core/errors.ts'
import { confidences, type Confidence } from '../../core/tuning.ts'
import type { ThresholdLimit } from '../rollouts/threshold-limits.ts'

/** What a threshold is to come to. */
export type Aim =
  | {
      readonly kind: 'false-positive-rate'
      /** The most of the harmless decisions that the rule may act on, above 0 and below 1. */
      readonly most: number
      /** How sure that has to be; 0.95 where it is absent. */
      readonly confidence?: Confidence
      /** The most recall that may be lost for it, as a share of the harmful; any where it is absent. */
      readonly mostRecallLost?: number
    }
  | {
      readonly kind: 'costs'
      /** What acting on a harmless decision costs, and what letting a harmful one pass does, in one unit of any kind. */
      readonly falseBlock: number
      readonly miss: number
    }

/** Throws `invalid-request` for an aim or limits that mean nothing. */
export function checkAim(aim: Aim, { lowest, highest }: ThresholdLimit): void {
  const isShare = (value: number) => value >= 0 && value <= 1
  if (!isShare(lowest) || !isShare(highest) || lowest > highest) {
    throw new ServiceError('invalid-request', `There is no threshold from ${lowest} to ${highest}.`, {
      advice: 'Set lowest and highest of feedback.limits between 0 and 1, the lower one first.',
    })
  }
  if (aim.kind === 'costs') {
    if ([aim.falseBlock, aim.miss].every((cost) => Number.isFinite(cost) && cost > 0)) return
    throw new ServiceError('invalid-request', 'Both costs have to be numbers above 0.', {
      advice: 'Say what a false block costs and what a miss does in one unit, for example 1 and 5.',
    })
  }
  const { most, confidence = 0.95, mostRecallLost = 1 } = aim
  if (!(most > 0 && most < 1)) {
    throw new ServiceError('invalid-request', `A false-positive rate of ${most} cannot be aimed at.`, {
      advice: 'Name a share above 0 and below 1, for example 0.01.',
    })
  }
  if (!confidences.includes(confidence) || !isShare(mostRecallLost)) {
    throw new ServiceError('invalid-request', 'The confidence or the recall that may be lost means nothing.', {
      advice: `Use a confidence of ${confidences.join(', ')}, and a share from 0 to 1 of recall.`,
    })
  }
}
