import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../../src/core/principal.ts'
import type { Amounts } from '../../../../src/core/quotas.ts'
import type { Quota } from '../../../../src/gateway/admit/quota.ts'
import { admitCall } from '../../../../src/gateway/calls/admit-call.ts'
import { quotaInMemory } from '../../../support/quota-in-memory.ts'
import { verifies } from '../../../support/verifies.ts'
import { admittedCall, authorizedCall } from '../../../support/received-call.ts'

const { reservation } = admittedCall().call

const ofQuota = (reserve: Quota['reserve']): Quota => ({ reserve, [Symbol.asyncDispose]: async () => undefined })

async function held(outputTokens: number | null, bytes: number | null): Promise<Amounts> {
  let asked: Amounts = {}
  const quota = ofQuota(async (_principal, bounds) => ((asked = bounds), reservation))
  await admitCall(authorizedCall({ outputTokens }, bytes), quota)
  return asked
}

// The grant of a call lets it spend 1,000 tokens; four bytes are about one.
describe('a call that is admitted', () => {
  it.each([
    ['its bytes and what it may write', 100, 80, 120],
    ['its bytes, rounded up', 100, 81, 121],
    ['nothing for a body that is not there', 100, null, 100],
    ['its bytes alone where it writes nothing', 0, 400, 100],
    ['all of the budget where it does not say how much it may write', null, 0, 1_000],
    ['no more than the budget for what it may write', 5_000, 0, 1_000],
    ['no more than the budget for its bytes', 0, 40_000, 1_000],
    ['no more than the budget for both', 999, 8, 1_000],
    ['all but one of the budget', 998, 4, 999],
  ])('holds %s', async (_claim, outputTokens, bytes, tokens) => {
    expect(await held(outputTokens, bytes)).toMatchObject({ tokens })
  })

  it('is the same call with what its caller holds', async () => {
    const call = authorizedCall()
    const principals: Principal[] = []
    const quota = ofQuota(async (principal) => (principals.push(principal), reservation))
    expect(await admitCall(call, quota)).toEqual({ ...call, reservation })
    expect(principals).toEqual([call.principal])
  })
})

describe('the money of a call', () => {
  const price = { input: 2_000_000, output: 8_000_000, parts: { reasoning: 9_000_000 }, request: 3, tools: {} }
  const limits = [{ per: 'key', unit: 'money', most: 2_000, every: 'day' }]
  const quota = () => quotaInMemory({ concurrentRequests: 9, tokensPerDay: 1_000_000, limits })
  const priced = (facts: object, bytes: number) => {
    const call = authorizedCall(facts, bytes)
    return { ...call, target: { ...call.target, price } }
  }

  it('is held at the dearest that its tokens may be, of each of its answers', async () => {
    const { reservation: held } = await admitCall(priced({ outputTokens: 100, choices: 2 }, 40), quota())
    expect(held.held).toMatchObject({ money: 10 * 2 + 200 * 9 + 3, output_tokens: 200 })
  })

  it('is never more than the limit, for what its caller says that it may write', async () => {
    await expect(admitCall(priced({ outputTokens: 300 }, 40), quota())).rejects.toMatchObject({
      code: 'quota-exceeded',
      message: expect.stringContaining(
        'Of 2000 millionths of the currency a day, 2000 are left; this request may need 2723.',
      ),
    })
  })

  it('is all that is left where the caller does not say how much it may write', async () => {
    const { reservation: held } = await admitCall(priced({ outputTokens: null }, 40), quota())
    expect(held.held).toMatchObject({ money: 2_000 })
  })

  it('is limited only for models that have a price', async () => {
    verifies('quotas.priced')
    await expect(admitCall(authorizedCall({ outputTokens: 1 }, 40), quota())).rejects.toMatchObject({
      code: 'forbidden',
      parameter: 'model',
      message: 'The model has no price, and money is limited for the group "default".',
    })
  })

  it.each([{ method: 'GET' }, { method: 'DELETE' }, { api: 'token-counts' }] as const)(
    'is nothing for what is free: %j',
    async (free) => {
      const { reservation: held } = await admitCall({ ...authorizedCall({}, 40), ...free }, quota())
      expect(held.held).toEqual({ requests: 1, runs: 1 })
    },
  )
})
