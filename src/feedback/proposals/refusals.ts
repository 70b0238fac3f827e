import { ServiceError } from '../../core/errors.ts'

/** Why no threshold is proposed. */
export const proposalRefusals = [
  /** A score is not from 0 to 1, or a weight is below 1: somebody has written to the storage. */
  'not-a-score',
  /** The set has labels of one truth alone. */
  'one-class',
  /** Fewer than ten of either truth. */
  'too-few-labels',
  /** A decision, or a text of a file, is in the set twice. */
  'duplicated',
  /** A decision, or a text of a file, is in the set as harmful and as harmless. */
  'contradicting',
  /** Texts of a file and decisions of traffic in one set. */
  'mixed-sources',
  /** All labels are of detectors that are not in force any more. */
  'older-detectors',
  /** Some of them are. */
  'changed-detectors',
  /** What would be proposed rests on scores of which only lower bounds are known. */
  'lower-bounds',
  /** Nothing is recorded that the labels could stand for. */
  'no-traffic',
  /** What is recorded is not what was labelled. */
  'other-traffic',
  /** No threshold within the limits comes to what is aimed at. */
  'out-of-reach',
  /** Too much harmful would be let through for it. */
  'too-much-missed',
  /** The threshold in force may or may not be as good as is aimed at. */
  'undecided',
  /** The threshold in force is the one that would be proposed. */
  'unchanged',
] as const

export type ProposalRefusalReason = (typeof proposalRefusals)[number]

/** What is wrong, and what to do. */
export interface ProposalRefusal {
  readonly kind: 'refused'
  readonly reason: ProposalRefusalReason
  readonly message: string
  readonly advice: string
}

export const refusal = (reason: ProposalRefusalReason, message: string, advice: string): ProposalRefusal => ({
  kind: 'refused',
  reason,
  message,
  advice,
})

/** The same as a fault of whoever asked. */
export const proposalFault = ({ message, advice }: ProposalRefusal): ServiceError =>
  new ServiceError('invalid-request', message, { advice })
