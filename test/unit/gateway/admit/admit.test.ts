import { describe, expect, it } from 'vitest'
import type { ModelPrice } from '../../../../src/core/price.ts'
import type { Amounts } from '../../../../src/core/quotas.ts'
import type { Authorized } from '../../../../src/core/request.ts'
import { admit } from '../../../../src/gateway/admit/admit.ts'
import type { Quota } from '../../../../src/gateway/admit/quota.ts'
import { quotaInMemory } from '../../../support/quota-in-memory.ts'
import { verifies } from '../../../support/verifies.ts'

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
        { guessed: ['tokens', 'input_tokens', 'output_tokens', 'money', 'sandbox_ms'], enough: 0.1, price: null },
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

  it('spends no more in a direction than is held of it', async () => {
    const { budget } = await admitted(null, (asked) => ({ ...asked, input_tokens: 700, output_tokens: 90 }))
    expect(budget).toMatchObject({ maximumTokens: 1_000, maximumInputTokens: 700, maximumOutputTokens: 90 })
    const { budget: free } = await admitted(null, (asked) => ({ ...asked, tokens: 50, output_tokens: 90 }))
    expect(Object.keys(free)).not.toContain('maximumOutputTokens')
  })

  it('has its programs take no more of sandboxes than is held, where that is less than its wall time', async () => {
    const sandbox = async (held: Amounts) => (await admitted(null, () => ({ tokens: 9, ...held }))).budget
    expect(await sandbox({ sandbox_ms: 6_999 })).toMatchObject({ maximumSandboxMilliseconds: 6_999 })
    expect(await sandbox({ sandbox_ms: 0 })).toMatchObject({ maximumSandboxMilliseconds: 0 })
    expect(Object.keys(await sandbox({ sandbox_ms: 7_000 }))).not.toContain('maximumSandboxMilliseconds')
  })
})

describe('a run whose caller has a limit below its budget', () => {
  const budget = { maximumSteps: 3, maximumTokens: 1_000, wallMilliseconds: 7_000, maximumCorrections: 1 }
  const request = (id: string) =>
    ({
      principal: { id, kind: 'api-key', group: 'default' },
      messages: [{ content: 'x' }],
      grant: { budget },
    }) as unknown as Authorized
  /** One that uses as many tokens, or as many as it may. */
  const run = async (quota: Quota, tokens: number, id = 'ann') => {
    const { grant, reservation } = await admit(request(id), quota, null)
    reservation.use({ tokens: Math.min(tokens, grant.budget.maximumTokens) })
    await reservation[Symbol.asyncDispose]()
    return grant.budget.maximumTokens
  }

  it('uses it to its end, question by question', async () => {
    verifies('limits.to-their-end')
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 400 })
    const given: number[] = []
    for (let asked = 0; asked < 4; asked += 1) given.push(await run(quota, 100))
    expect(given).toEqual([400, 300, 200, 100])
    await expect(run(quota, 100)).rejects.toMatchObject({ code: 'quota-exceeded' })
  })

  it('is refused where less than a tenth is left, which is said, and not where a tenth is', async () => {
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 400 })
    expect(await run(quota, 360)).toBe(400)
    expect(await run(quota, 1)).toBe(40)
    await expect(run(quota, 1)).rejects.toThrow('Of 400 tokens a day, 39 are left; this request may need 40.')
  })

  it('waits for one that runs and holds all of it, and gets what that leaves', async () => {
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 400 })
    await run(quota, 100)
    const first = await admit(request('ann'), quota, null)
    await expect(run(quota, 1)).rejects.toMatchObject({ code: 'rate-limited' })
    first.reservation.use({ tokens: 50 })
    await first.reservation[Symbol.asyncDispose]()
    expect(await run(quota, 1)).toBe(250)
  })

  it('begins with what is left in each of several limits', async () => {
    const limits = [
      { per: 'group', unit: 'tokens', most: 900, every: 'day' },
      { per: 'key', unit: 'output_tokens', most: 300, every: 'hour' },
    ]
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 500, limits })
    const uses = async (id: string, amounts: Amounts) => {
      const used = await quota.reserve({ id, kind: 'api-key', group: 'default' }, amounts)
      used.use(amounts)
      await used[Symbol.asyncDispose]()
    }
    await uses('bob', { tokens: 450 })
    await uses('ann', { output_tokens: 250 })
    const { grant } = await admit(request('ann'), quota, null)
    expect(grant.budget).toMatchObject({ maximumTokens: 200, maximumOutputTokens: 50 })
  })

  it('never shares the last token with another', async () => {
    const quota = quotaInMemory({ concurrentRequests: 100, tokensPerDay: 400 })
    await run(quota, 1)
    const begun = await Promise.allSettled(Array.from({ length: 20 }, () => admit(request('ann'), quota, null)))
    const held = begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value.grant.budget.maximumTokens] : []))
    expect(held.reduce((sum, tokens) => sum + tokens, 0)).toBe(399)
  })
})
