import type { AdmittedCall, AuthorizedCall } from '../../core/model-call.ts'
import { charactersPerToken } from '../../core/tokens.ts'
import type { Quota } from '../admit/quota.ts'

/** Holds what the call may cost: its own bytes, and as much as it lets the model write; never more than the budget. */
export function admitCall(call: AuthorizedCall, quota: Quota): AdmittedCall {
  const { maximumTokens } = call.grant.budget
  const sent = Math.ceil((call.body?.length ?? 0) / charactersPerToken)
  const tokens = Math.min(maximumTokens, sent + (call.facts.outputTokens ?? maximumTokens))
  return { ...call, reservation: quota.reserve(call.principal, tokens) }
}
