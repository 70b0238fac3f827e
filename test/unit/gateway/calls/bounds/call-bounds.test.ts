import { describe, expect, it } from 'vitest'
import type { CallFacts, PromptCounting } from '../../../../../src/core/model-call.ts'
import { callBoundsOf, leastBoundsOf } from '../../../../../src/gateway/calls/bounds/call-bounds.ts'
import { authorizedCall } from '../../../../support/received-call.ts'
import { verifies } from '../../../../support/verifies.ts'

function callOf(facts: Partial<CallFacts>, body: object, counting?: PromptCounting) {
  const call = authorizedCall({ outputTokens: 10, ...facts })
  const target = counting === undefined ? call.target : { ...call.target, counting }
  return { ...call, target, body: Buffer.from(JSON.stringify(body)) }
}

const text = 'a text of thirty letters, as it'
const asked = { model: 'm', messages: [{ role: 'user', content: text }] }

// The budget of a call of these tests is 1,000 tokens.
describe('the most that a call may use', () => {
  it('is no less than the bytes of its texts, and what it may write', () => {
    verifies('quotas.upper-bound')
    const { bounds, guessed } = callBoundsOf(callOf({}, asked))
    const [input = 0, tokens = 0] = [bounds.input_tokens, bounds.tokens]
    expect(input).toBeGreaterThan(text.length)
    expect(input).toBeLessThan(text.length + 80)
    expect(tokens).toBe(input + 10)
    expect(guessed).toEqual([])
  })

  it('is more by as many bytes as its text is longer', () => {
    const sizes = ['', 'abc', 'äöü', '😀'].map((more) => {
      const { bounds } = callBoundsOf(callOf({}, { ...asked, messages: [{ role: 'user', content: text + more }] }))
      return bounds.input_tokens ?? 0
    })
    expect(sizes.map((size) => size - (sizes[0] ?? 0))).toEqual([0, 3, 6, 4])
  })

  it('is the budget of its group for what is not in its body', () => {
    const kept = callBoundsOf(callOf({ ids: [{ name: 'resp_1', parameter: 'previous_response_id' }] }, asked))
    expect(kept).toMatchObject({ bounds: { input_tokens: 1_000 }, guessed: ['input_tokens', 'tokens', 'money'] })
    const file = { role: 'user', content: [{ type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } }] }
    expect(callBoundsOf(callOf({}, { messages: [file] })).bounds).toMatchObject({ input_tokens: 1_000 })
  })

  it('is what the model can read at most, where that is known', () => {
    const counting = { pictureTokens: 1, contextTokens: 50 }
    const searched = callOf({ hostedTools: [{ name: 'web_search', parameter: 'tools' }] }, asked, counting)
    expect(callBoundsOf(searched)).toMatchObject({ bounds: { input_tokens: 50 }, guessed: ['money'] })
    expect(callBoundsOf(callOf({}, asked, counting))).toMatchObject({ bounds: { input_tokens: 50 }, guessed: [] })
  })

  it('is the budget for what may be written where nobody has said', () => {
    const { bounds, guessed } = callBoundsOf(callOf({ outputTokens: null, choices: 2 }, asked))
    expect(bounds.output_tokens).toBe(2_000)
    expect(guessed).toEqual(['output_tokens', 'tokens', 'money'])
  })

  it('is never less than what is held before it is known', () => {
    for (const outputTokens of [null, 0, 10]) {
      const call = callOf({ outputTokens }, asked)
      const [least, { bounds }] = [leastBoundsOf(call), callBoundsOf(call)]
      for (const unit of ['tokens', 'input_tokens', 'output_tokens'] as const) {
        expect(least[unit]).toBeLessThanOrEqual(bounds[unit] ?? 0)
      }
    }
  })
})
