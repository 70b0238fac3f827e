import { describe, expect, it } from 'vitest'
import type { CallFacts, CallTarget, PromptCounting } from '../../../../../src/core/model-call.ts'
import { callBoundsOf, leastBoundsOf } from '../../../../../src/gateway/calls/bounds/call-bounds.ts'
import { authorizedCall } from '../../../../support/received-call.ts'
import { verifies } from '../../../../support/verifies.ts'

function callOf(facts: Partial<CallFacts>, body: object, counting?: PromptCounting) {
  const call = authorizedCall({ outputTokens: 10, ...facts })
  const target = counting === undefined ? call.target : { ...call.target, counting }
  return { ...call, target, candidates: [target] as const, body: Buffer.from(JSON.stringify(body)) }
}

const text = 'a text of thirty letters, as it'
const asked = { model: 'm', messages: [{ role: 'user', content: text }] }

// The budget of a call of these tests is 1,000 tokens.
describe('the most that a call may use', () => {
  it('is no less than the bytes of its texts, and what it may write', async () => {
    verifies('quotas.upper-bound')
    const { bounds, guessed } = await callBoundsOf(callOf({}, asked))
    const [input = 0, tokens = 0] = [bounds.input_tokens, bounds.tokens]
    expect(input).toBeGreaterThan(text.length)
    expect(input).toBeLessThan(text.length + 80)
    expect(tokens).toBe(input + 10)
    expect(guessed).toEqual([])
  })

  it('is more by as many bytes as its text is longer', async () => {
    const sizes: number[] = []
    for (const more of ['', 'abc', 'äöü', '😀']) {
      const messages = [{ role: 'user', content: text + more }]
      sizes.push((await callBoundsOf(callOf({}, { ...asked, messages }))).bounds.input_tokens ?? 0)
    }
    expect(sizes.map((size) => size - (sizes[0] ?? 0))).toEqual([0, 3, 6, 4])
  })

  it('is the budget of its group for what is not in its body', async () => {
    const kept = await callBoundsOf(callOf({ ids: [{ name: 'resp_1', parameter: 'previous_response_id' }] }, asked))
    expect(kept).toMatchObject({ bounds: { input_tokens: 1_000 }, guessed: ['input_tokens', 'tokens', 'money'] })
    const file = { role: 'user', content: [{ type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } }] }
    expect(await callBoundsOf(callOf({}, { messages: [file] }))).toMatchObject({ bounds: { input_tokens: 1_000 } })
  })

  it('is the most that it may be at any model that it may come to', async () => {
    verifies('routing.held-for-all')
    const picture = { type: 'image_url', image_url: { url: 'https://pictures.example/1.png' } }
    const call = callOf({}, { messages: [{ role: 'user', content: [picture] }] })
    const price = { input: 1_000_000, output: 1_000_000, parts: {}, request: 0, tools: {} }
    const counting = { tokenizer: null, contextTokens: null }
    const cheap = { ...call.target, price, counting: { ...counting, pictureTokens: 70 } }
    const dear = { ...cheap, price: { ...price, output: 9_000_000 }, counting: { ...counting, pictureTokens: 1 } }
    const at = async (...candidates: [CallTarget, ...CallTarget[]]) => {
      const { bounds } = await callBoundsOf({ ...call, candidates })
      return [bounds.input_tokens ?? 0, bounds.money ?? 0] as const
    }
    const [[most, cheapMoney], [least, dearMoney]] = [await at(cheap), await at(dear)]
    expect([most > least, cheapMoney < dearMoney]).toEqual([true, true])
    expect(await at(cheap, dear)).toEqual([most, dearMoney])
    expect(await at(dear, cheap)).toEqual([most, dearMoney])
    expect(leastBoundsOf({ ...call, candidates: [dear, cheap] })).toMatchObject({ money: 11 })
  })

  it('is what the model can read at most, where that is known', async () => {
    const counting = { tokenizer: null, pictureTokens: 1, contextTokens: 50 }
    const searched = callOf({ hostedTools: [{ name: 'web_search', parameter: 'tools' }] }, asked, counting)
    expect(await callBoundsOf(searched)).toMatchObject({ bounds: { input_tokens: 50 }, guessed: ['money'] })
    expect(await callBoundsOf(callOf({}, asked, counting))).toMatchObject({ bounds: { input_tokens: 50 }, guessed: [] })
  })

  it('is the budget for what may be written where nobody has said', async () => {
    const { bounds, guessed } = await callBoundsOf(callOf({ outputTokens: null, choices: 2 }, asked))
    expect(bounds.output_tokens).toBe(2_000)
    expect(guessed).toEqual(['output_tokens', 'tokens', 'money'])
  })

  it('is asked anew where something else of the call changes than its body', async () => {
    const call = callOf({ outputTokens: null }, asked)
    const written = async (changed: object): Promise<number | undefined> =>
      (await callBoundsOf({ ...call, ...changed })).bounds.output_tokens
    expect(await written({})).toBe(1_000)
    expect(await written({ facts: { ...call.facts, outputTokens: 7 } })).toBe(7)
    const budget = { ...call.grant.budget, maximumTokens: 300 }
    expect(await written({ grant: { ...call.grant, budget } })).toBe(300)
    expect(await written({})).toBe(1_000)
  })

  it('is never less than what is held before it is known', async () => {
    for (const outputTokens of [null, 0, 10]) {
      const call = callOf({ outputTokens }, asked)
      const [least, { bounds }] = [leastBoundsOf(call), await callBoundsOf(call)]
      for (const unit of ['tokens', 'input_tokens', 'output_tokens'] as const) {
        expect(least[unit]).toBeLessThanOrEqual(bounds[unit] ?? 0)
      }
    }
  })
})
