import { ServiceError } from '../../core/errors.ts'
import type { Admitted } from '../../core/request.ts'
import type { Finding } from '../../core/verdict.ts'
import type { Ask } from './ask.ts'
import type { DecisionInput } from './decisions.ts'

/** A tool call of a model that is about to run. */
export type ProposedAction = DecisionInput<'action'>['action']

/**
 * May a tool call of this request run? Resolves with the finding that tells its model why not; rejects with `forbidden` where
 * there is no decision, which ends the run.
 */
export type ActionPolicy = (request: Admitted, action: ProposedAction) => Promise<Finding | null>

export function createActionPolicy(ask: Ask): ActionPolicy {
  return async ({ principal, channel, requestId }, action) => {
    try {
      await ask('action', { principal, channel, requestId, refusal: 'refused' }, (who) => ({ ...who, action }))
      return null
    } catch (thrown) {
      if (!(thrown instanceof ServiceError) || thrown.code !== 'refused') throw thrown
      return { rule: 'policy/refused', line: 1, column: 1, message: thrown.message }
    }
  }
}
