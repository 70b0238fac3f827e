import type { AdmittedCall, AuthorizedCall } from '../../core/model-call.ts'
import { mostCost } from '../../core/price.ts'
import type { Amounts } from '../../core/quotas.ts'
import { charactersPerToken } from '../../core/tokens.ts'
import type { Quota } from '../admit/quota.ts'

/** A call about what a provider keeps costs nothing at it, and neither does a count of tokens. */
export function isFree({ method, api }: Pick<AuthorizedCall, 'method' | 'api'>): boolean {
  return method !== 'POST' || api === 'token-counts'
}

/**
 * Holds what the call may cost: its own bytes, as much as it lets the model write in each of its answers, and the price of
 * both. Of a call that does not say how much it may write, no more than the budget is held, nor than the smallest limit.
 */
export async function admitCall(call: AuthorizedCall, quota: Quota): Promise<AdmittedCall> {
  const price = call.target.price ?? null
  if (isFree(call)) return { ...call, reservation: await quota.reserve(call.principal, {}) }
  const { maximumTokens } = call.grant.budget
  const { outputTokens, choices = 1 } = call.facts
  const sent = Math.ceil((call.body?.length ?? 0) / charactersPerToken)
  const written = (outputTokens ?? maximumTokens) * choices
  const tokens = Math.min(maximumTokens, sent + written)
  const money = price === null ? {} : { money: mostCost({ inputTokens: sent, outputTokens: written }, price) }
  const bounds: Amounts = { tokens, input_tokens: sent, output_tokens: written, ...money }
  const guessed = outputTokens === null ? (['tokens', 'output_tokens', 'money'] as const) : (['tokens'] as const)
  return { ...call, reservation: await quota.reserve(call.principal, bounds, { guessed, price }) }
}
