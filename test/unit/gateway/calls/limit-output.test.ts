import { describe, expect, it } from 'vitest'
import type { AuthorizedCall } from '../../../../src/core/model-call.ts'
import { aimedAt, limitOutput } from '../../../../src/gateway/calls/limit-output.ts'
import { authorizedCall } from '../../../support/received-call.ts'
import { verifies } from '../../../support/verifies.ts'

const body = '{"model":"m","zz":12345678901234567890}'

function callOf(answerTokens: number | undefined, changes: Partial<AuthorizedCall> = {}): AuthorizedCall {
  const call = authorizedCall()
  const budget = { ...call.grant.budget, ...(answerTokens === undefined ? {} : { answerTokens }) }
  return { ...call, grant: { ...call.grant, budget }, body: Buffer.from(body), ...changes }
}

const sent = (call: AuthorizedCall): string | undefined => {
  const limited = limitOutput(call)
  return aimedAt(limited, limited.target).body?.toString()
}

describe('a call that does not say how much the model may write', () => {
  it.each([
    ['chat-completions', 'max_completion_tokens'],
    ['responses', 'max_output_tokens'],
    ['messages', 'max_tokens'],
  ] as const)('of %s is given what its group has, in its body as %s', (api, member) => {
    verifies('quotas.given-output-limit')
    const call = callOf(500, { api })
    expect(sent(call)).toBe(`{"${member}":500,${body.slice(1)}`)
    expect(limitOutput(call).facts).toEqual({ ...call.facts, outputTokens: 500 })
  })

  it('is given it as an older server knows it', () => {
    const call = callOf(500)
    expect(sent({ ...call, target: { ...call.target, chatLimit: 'max_tokens' } })).toContain('"max_tokens":500')
    expect(sent({ ...call, api: 'responses', target: { ...call.target, chatLimit: 'max_tokens' } })).toContain(
      '"max_output_tokens":500',
    )
  })

  it('is given it by each candidate in the words of its own upstream', () => {
    verifies('routing.limit-in-words')
    const limited = limitOutput(callOf(500))
    expect(limited.body?.toString()).toBe(body)
    const older = { ...limited.target, chatLimit: 'max_tokens' } as const
    const bodies = [limited.target, older].map((target) => aimedAt(limited, target).body?.toString().slice(0, 28))
    expect(bodies).toEqual(['{"max_completion_tokens":500', '{"max_tokens":500,"model":"m'])
    expect(aimedAt(limited, older).target).toBe(older)
  })

  it('goes on byte for byte where its group gives no limit', () => {
    const call = callOf(undefined)
    expect(limitOutput(call)).toBe(call)
    expect(sent(call)).toBe(body)
  })

  it.each([
    ['says so itself', { facts: { ...authorizedCall().facts, outputTokens: 9 } }],
    ['writes nothing', { api: 'embeddings' }],
    ['is only counted', { api: 'token-counts' }],
    ['asks about something kept', { method: 'GET', body: null }],
    ['deletes something', { method: 'DELETE' }],
  ] as const)('goes on byte for byte where it %s', (_claim, changes) => {
    const call = callOf(500, changes)
    expect(limitOutput(call)).toBe(call)
  })
})
