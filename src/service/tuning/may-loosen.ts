import { ServiceError } from '../../core/errors.ts'
import type { Proposal, Rollout, RolloutStage } from '../../core/tuning.ts'
import type { StepRequest, TuningOperator } from '../../feedback/tuning-keeper.ts'
import { wholeSet } from './evaluation-sets.ts'
import type { TuningParts } from './parts.ts'
import { isOperator } from './is-operator.ts'

interface LoosenedBy {
  readonly rollout: Rollout
  readonly proposal: Proposal
  readonly request: StepRequest
  readonly operator: TuningOperator
}

/**
 * Does a step let a higher threshold decide than the one that does now? A rollout's own word of what it began from is not
 * enough: whoever can write it could make a looser threshold a stricter one by it.
 */
export function loosens(
  stage: RolloutStage,
  { rollout, proposal, inForce }: Pick<LoosenedBy, 'rollout' | 'proposal'> & { readonly inForce: number },
): boolean {
  if (stage === 'canary' || stage === 'promoted') return rollout.to > inForce
  const isInForce = rollout.stage === 'promoted' || rollout.stage === 'settled'
  return stage === 'rolled-back' && isInForce && Math.max(rollout.from, proposal.from) > rollout.to
}

/** Throws unless a person loosens it who names the set that it rests on, and who has not complained of the rule. */
export async function requireMayLoosen(
  parts: TuningParts,
  { rollout, proposal, request, operator }: LoosenedBy,
): Promise<void> {
  const { name, version, digest } = proposal.set
  const { digest: whole } = await wholeSet(parts, name, version)
  const [low, high] = [rollout.from, rollout.to].toSorted((one, other) => one - other)
  if (request.digest !== whole || whole !== digest) {
    throw new ServiceError('forbidden', `${high} lets more pass than ${low}: name the digest of the set it rests on.`, {
      advice: `"sallyport tuning sets show ${name}@${version}" has it, beside what it is made of.`,
    })
  }
  if (operator.caller === null) {
    throw new ServiceError('forbidden', `${high} lets more pass than ${low}: say with --by whom callers know you as.`, {
      advice: 'It is the id of your key, token-…, or your name: whoever complained of this rule may not loosen it.',
    })
  }
  const complained = await parts.complaints.complainers(rollout.place, new Date(0).toISOString())
  if (!complained.some(({ principal }) => isOperator(operator, principal))) return
  throw new ServiceError('forbidden', 'You have complained of this rule, and may not loosen it.', {
    advice: 'Have somebody do it who has not.',
  })
}
