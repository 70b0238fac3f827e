import type { AuthorizedCall, ModelApi } from '../../core/model-call.ts'
import { withNumber } from '../../models/upstreams/body-members.ts'

/** The member by which each API is told how much may be written; none of those that write nothing. */
const memberOf: Partial<Readonly<Record<ModelApi, string>>> = {
  'chat-completions': 'max_completion_tokens',
  responses: 'max_output_tokens',
  messages: 'max_tokens',
}

/**
 * A call that says how much the model may write: by itself, or as much as its group gives where it does not. It is then in
 * the body that is sent, so that the provider holds to it too; no other byte of that is changed.
 */
export function limitOutput(call: AuthorizedCall): AuthorizedCall {
  const { api, body, facts, grant, target, method } = call
  const most = grant.budget.answerTokens
  const member = api === 'chat-completions' ? (target.chatLimit ?? memberOf[api]) : memberOf[api]
  const isAsked = most === undefined || facts.outputTokens !== null || method !== 'POST'
  if (isAsked || member === undefined || body === null) return call
  return { ...call, body: withNumber(body, member, most), facts: { ...facts, outputTokens: most } }
}
