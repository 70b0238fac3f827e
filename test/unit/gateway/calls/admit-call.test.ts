import { describe, expect, it } from 'vitest'
import type { AuthorizedCall, CallTarget } from '../../../../src/core/model-call.ts'
import type { Amounts } from '../../../../src/core/quotas.ts'
import type { Quota } from '../../../../src/gateway/admit/quota.ts'
import { atItsTiers, beginCall, holdCall } from '../../../../src/gateway/calls/admit-call.ts'
import { quotaInMemory } from '../../../support/quota-in-memory.ts'
import { verifies } from '../../../support/verifies.ts'
import { authorizedCall } from '../../../support/received-call.ts'

/** What a call holds that was begun and not changed before it is sent. */
async function heldOf(call: AuthorizedCall, quota: Quota): Promise<Amounts> {
  const { reservation } = await beginCall(call, quota)
  await holdCall(call, reservation)
  return reservation.held
}

const quotaOf = (limits: readonly object[] = []) =>
  quotaInMemory({ concurrentRequests: 9, tokensPerDay: 1_000_000, limits })

describe('a call', () => {
  it('is the same with what its caller holds', async () => {
    const call = authorizedCall()
    const begun = await beginCall(call, quotaOf())
    expect(begun).toMatchObject(call)
    expect(begun.reservation.held).toEqual({})
  })

  it('holds its bytes, and what it lets the model write in each of its answers', async () => {
    expect(await heldOf(authorizedCall({ outputTokens: 100, choices: 3 }, 80), quotaOf())).toEqual({
      requests: 1,
      runs: 1,
      tokens: 380,
      input_tokens: 80,
      output_tokens: 300,
      bytes: 81,
    })
  })

  it('whose values are hidden first is refused before that, where it cannot fit however little is sent', async () => {
    const quota = quotaInMemory({ concurrentRequests: 9, tokensPerDay: 1_000 })
    const plain = authorizedCall({ outputTokens: 500 }, 80)
    const call = { ...plain, grant: { ...plain.grant, privacyProfile: 'default' } }
    const first = await beginCall(call, quota)
    await holdCall(call, first.reservation)
    const second = await beginCall(call, quota)
    // 580 of 1,000 are held: as it is now it does not fit, and another one is not looked at.
    await expect(holdCall(call, second.reservation)).rejects.toMatchObject({ code: 'rate-limited' })
    await second.reservation[Symbol.asyncDispose]()
    await expect(beginCall(call, quota)).rejects.toMatchObject({
      message: 'Of 1000 tokens a day, 420 are left; this request may need 501. Requests of yours that run hold 580.',
    })
    await first.reservation[Symbol.asyncDispose]()
    const fourth = await beginCall(call, quota)
    expect(fourth.reservation.held).toMatchObject({ tokens: 501 })
    await holdCall(call, fourth.reservation)
    expect(fourth.reservation.held).toMatchObject({ tokens: 580 })
  })
})

describe('a call that was held for less and refused for more', () => {
  it('counts as a request all the same where it is held for something else then', async () => {
    const quota = quotaOf([{ per: 'key', unit: 'requests', most: 1, every: 'day' }])
    const { reservation } = await beginCall(authorizedCall(), quota)
    await reservation.hold({ tokens: 10 })
    await expect(reservation.hold({ tokens: 2_000_000 })).rejects.toMatchObject({ code: 'quota-exceeded' })
    await reservation.hold({ tokens: 20 })
    await reservation[Symbol.asyncDispose]()
    await expect(heldOf(authorizedCall(), quota)).rejects.toMatchObject({
      code: 'quota-exceeded',
      message: expect.stringContaining('Of 1 request'),
    })
  })
})

describe('the money of a call', () => {
  const price = { input: 2_000_000, output: 8_000_000, parts: { reasoning: 9_000_000 }, request: 3, tools: {} }
  const limits = [{ per: 'key', unit: 'money', most: 2_000, every: 'day' }]
  const quota = () => quotaOf(limits)
  const priced = (facts: object, bytes: number) => {
    const call = authorizedCall(facts, bytes)
    return { ...call, candidates: [{ ...call.target, price }] as const }
  }

  it('is held at the dearest that its tokens may be, of each of its answers', async () => {
    const held = await heldOf(priced({ outputTokens: 100, choices: 2 }, 10), quota())
    expect(held).toMatchObject({ money: 10 * 2 + 200 * 9 + 3, output_tokens: 200 })
  })

  it('is never more than the limit, for what its caller says that it may write', async () => {
    await expect(heldOf(priced({ outputTokens: 300 }, 10), quota())).rejects.toMatchObject({
      code: 'quota-exceeded',
      message: expect.stringContaining(
        'Of 2000 millionths of the currency a day, 2000 are left; this request may need 2723.',
      ),
    })
  })

  it('is all that is left where the caller does not say how much it may write', async () => {
    expect(await heldOf(priced({ outputTokens: null }, 10), quota())).toMatchObject({ money: 2_000 })
  })

  it.each([
    ['web_search_20250305', { web_search: 10 }],
    ['web_search_preview', { web_search: 0 }],
    ['image_urls', {}],
  ])('is held where the provider runs %s and tools have the prices %j', async (name, tools) => {
    const call = priced({ outputTokens: 1, hostedTools: [{ name, parameter: 'tools[0].type' }] }, 10)
    expect(
      await heldOf({ ...call, candidates: [{ ...call.target, price: { ...price, tools } }] as const }, quota()),
    ).toHaveProperty('money')
  })

  it.each([
    ['web_search', {}],
    ['web_searcher', { web_search: 10 }],
    ['code_interpreter', { web_search: 10 }],
    ['constructor', {}],
  ])('cannot be held to its limit where the provider runs %s and tools have the prices %j', async (name, tools) => {
    verifies('quotas.priced-tools')
    const call = priced({ outputTokens: 1, hostedTools: [{ name, parameter: 'tools[0].type' }] }, 10)
    const withTools = { ...call, candidates: [{ ...call.target, price: { ...price, tools } }] as const }
    await expect(heldOf(withTools, quota())).rejects.toMatchObject({
      code: 'forbidden',
      parameter: 'tools',
      message: `The tool "${name}" of the provider has no price, and money is limited for the group "default".`,
    })
    // Whose money nobody limits may use it.
    expect(await heldOf(withTools, quotaOf())).toHaveProperty('money')
  })

  it('is that of the tier of service that is asked for, at every candidate', async () => {
    verifies('quotas.tiers')
    const tiers = [{ name: 'priority', parameter: 'service_tier' }]
    const call = priced({ outputTokens: 100, tiers }, 10)
    const at = (...percents: number[]) => {
      const pricedAt = (priority: number): CallTarget => ({ ...call.target, price: { ...price, tiers: { priority } } })
      const [first = call.candidates[0], ...others] = percents.map(pricedAt)
      return atItsTiers({ ...call, target: first, candidates: [first, ...others] as const })
    }
    expect(await heldOf(at(200), quota())).toMatchObject({ money: 10 * 4 + 100 * 18 + 6 })
    expect(await heldOf(at(50, 150), quota())).toMatchObject({ money: 10 * 3 + Math.ceil((100 * 27) / 2) + 5 })
    expect(at(200).target.price).toMatchObject({ input: 4_000_000, output: 16_000_000, request: 6 })
  })

  it.each([{}, { flex: 50 }])('cannot be held to its limit at a tier that has no price among %j', async (tiers) => {
    verifies('quotas.tiers')
    const facts = { outputTokens: 1, tiers: [{ name: 'constructor', parameter: 'service_tier' }] }
    const call = priced(facts, 10)
    const target = { ...call.target, price: { ...price, tiers } }
    const asked = atItsTiers({ ...call, candidates: [target] as const })
    await expect(heldOf(asked, quota())).rejects.toMatchObject({
      code: 'forbidden',
      parameter: 'service_tier',
      message: 'The tier "constructor" of the provider has no price, and money is limited for the group "default".',
    })
    expect(await heldOf(asked, quotaOf())).toHaveProperty('money')
  })

  it('is limited only for models that have a price', async () => {
    verifies('quotas.priced')
    await expect(heldOf(authorizedCall({ outputTokens: 1 }, 40), quota())).rejects.toMatchObject({
      code: 'forbidden',
      parameter: 'model',
      message: 'The model has no price, and money is limited for the group "default".',
    })
  })

  it('is held at the dearest model that the call may come to, and for none without a price', async () => {
    verifies('routing.held-for-all')
    const call = priced({ outputTokens: 100 }, 10)
    const [{ price: _price, ...unpriced }] = call.candidates
    const dearer = { ...call.target, price: { ...price, output: 12_000_000, tools: { web_search: 1 } } }
    const among = (...others: CallTarget[]) => ({ ...call, candidates: [call.candidates[0], ...others] as const })
    expect(await heldOf(among(dearer), quota())).toMatchObject({ money: 10 * 2 + 100 * 12 + 3 })
    await expect(heldOf(among(dearer, unpriced), quota())).rejects.toMatchObject({ parameter: 'model' })
    const facts = { ...call.facts, hostedTools: [{ name: 'web_search', parameter: 'tools[0].type' }] }
    await expect(heldOf({ ...among(dearer), facts }, quota())).rejects.toMatchObject({ parameter: 'tools' })
    expect(await heldOf({ ...call, facts, candidates: [dearer] }, quota())).toHaveProperty('money')
  })

  it.each([{ method: 'GET' }, { method: 'DELETE' }, { api: 'token-counts' }] as const)(
    'is nothing for what is free: %j',
    async (free) => {
      expect(await heldOf({ ...authorizedCall({}, 40), ...free }, quota())).toEqual({ requests: 1, runs: 1 })
    },
  )
})
