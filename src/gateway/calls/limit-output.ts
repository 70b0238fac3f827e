import type { AuthorizedCall, CallTarget, ModelApi } from '../../core/model-call.ts'
import { withNumber } from '../../models/upstreams/body-members.ts'

/** The member by which each API is told how much may be written; none of those that write nothing. */
const memberOf: Partial<Readonly<Record<ModelApi, string>>> = {
  'chat-completions': 'max_completion_tokens',
  responses: 'max_output_tokens',
  messages: 'max_tokens',
}

/** A call that says how much the model may write: by itself, or as much as its group gives where it does not. */
export function limitOutput(call: AuthorizedCall): AuthorizedCall {
  const { api, body, facts, grant, method } = call
  const most = grant.budget.answerTokens
  const isAsked = most === undefined || facts.outputTokens !== null || method !== 'POST'
  if (isAsked || memberOf[api] === undefined || body === null) return call
  return { ...call, givenTokens: most, facts: { ...facts, outputTokens: most } }
}

/**
 * A call as it is sent to one of its candidates. What its group lets it write is in its body then, as that upstream knows
 * it, so that the provider holds to it too; no other byte of that is changed.
 */
export function aimedAt<Call extends AuthorizedCall>(call: Call, target: CallTarget): Call {
  const { api, body, givenTokens } = call
  const member = api === 'chat-completions' ? (target.chatLimit ?? memberOf[api]) : memberOf[api]
  if (givenTokens === undefined || member === undefined || body === null) return { ...call, target }
  return { ...call, target, body: withNumber(body, member, givenTokens) }
}
