import { describe, expect, it } from 'vitest'
import type { ModelPrice } from '../../../../src/core/price.ts'
import type { Amounts } from '../../../../src/core/quotas.ts'
import type { Authorized } from '../../../../src/core/request.ts'
import { admit, type Quota } from '../../../../src/gateway/admit/quota.ts'

const price = (own: Partial<ModelPrice> = {}): ModelPrice => ({
  input: 3_000_000,
  output: 15_000_000,
  parts: {},
  request: 0,
  tools: {},
  ...own,
})

/** Admits a run with a budget of 1000 tokens, of what was asked holding this much in its place. */
async function admitted(given: ModelPrice | null, held: (asked: Amounts) => Amounts = (asked) => asked) {
  const asked: unknown[] = []
  const quota: Pick<Quota, 'reserve'> = {
    reserve: async (principal, bounds, options) => {
      asked.push(principal.id, bounds, options)
      return { held: held(bounds), headers: [], use: () => undefined, [Symbol.asyncDispose]: async () => undefined }
    },
  }
  const budget = { maximumSteps: 3, maximumTokens: 1_000, wallMilliseconds: 7_000, maximumCorrections: 1 }
  const request = { principal: { id: 'ann' }, messages: [{ content: '€x' }], grant: { budget, models: ['small'] } }
  const { grant, reservation, ...rest } = await admit(request as unknown as Authorized, quota, given)
  return { asked, budget: grant.budget, models: grant.models, held: reservation.held, rest }
}

describe('a run that is admitted', () => {
  it('holds what its budget lets it use, and is left as it is for the rest', async () => {
    expect(await admitted(null)).toEqual({
      asked: [
        'ann',
        { tokens: 1_000, input_tokens: 1_000, output_tokens: 1_000, money: 0, sandbox_ms: 7_000, rows: 1, bytes: 5 },
        { guessed: ['tokens', 'input_tokens', 'output_tokens', 'money', 'sandbox_ms'], price: null },
      ],
      budget: { maximumSteps: 3, maximumTokens: 1_000, wallMilliseconds: 7_000, maximumCorrections: 1 },
      models: ['small'],
      held: expect.objectContaining({ tokens: 1_000 }) as unknown,
      rest: { principal: { id: 'ann' }, messages: [{ content: '€x' }] },
    })
  })

  it.each([
    [price(), 15_000],
    [price({ input: 20_000_000 }), 20_000],
    [price({ parts: { cache_write: 30_000_000 } }), 30_000],
    [price({ request: 7 }), 15_007],
  ])('holds what its tokens cost at most: %j', async (given, money) => {
    expect((await admitted(given)).asked).toMatchObject(['ann', { money }, { price: given }])
  })

  it('spends no more tokens than are held, nor than the money that is held pays for', async () => {
    const tokens = async (held: Amounts, given: ModelPrice | null = price()) =>
      (await admitted(given, () => held)).budget.maximumTokens
    expect(await tokens({ tokens: 400, money: 15_000 })).toBe(400)
    expect(await tokens({ tokens: 1_000, money: 7_500 })).toBe(500)
    expect(await tokens({ tokens: 400, money: 7_500 })).toBe(400)
    expect(await tokens({ tokens: 600, money: 7_500 })).toBe(500)
    expect(await tokens({ tokens: 1_000, money: 14_999 })).toBe(999)
    expect(await tokens({ tokens: 1_000, money: 15_000 })).toBe(1_000)
    expect(await tokens({ money: 15_000 })).toBe(1_000)
    expect(await tokens({ tokens: 1_000 })).toBe(0)
    expect(await tokens({ tokens: 300 }, null)).toBe(300)
  })
})
