import type { AdmittedCall, AuthorizedCall } from '../../core/model-call.ts'
import { charactersPerToken } from '../../core/tokens.ts'
import type { Quota } from '../admit/quota.ts'

/** Holds what the call may cost: its own bytes, and as much as it lets the model write; never more than the budget. */
export async function admitCall(call: AuthorizedCall, quota: Quota): Promise<AdmittedCall> {
  const { maximumTokens } = call.grant.budget
  const sent = Math.ceil((call.body?.length ?? 0) / charactersPerToken)
  const written = call.facts.outputTokens ?? maximumTokens
  const tokens = Math.min(maximumTokens, sent + written)
  const guessed = call.facts.outputTokens === null ? (['tokens', 'output_tokens'] as const) : (['tokens'] as const)
  const bounds = { tokens, input_tokens: sent, output_tokens: written }
  return { ...call, reservation: await quota.reserve(call.principal, bounds, guessed) }
}
