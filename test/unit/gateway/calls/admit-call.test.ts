import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../../src/core/principal.ts'
import type { Amounts } from '../../../../src/core/quotas.ts'
import type { Quota } from '../../../../src/gateway/admit/quota.ts'
import { admitCall } from '../../../../src/gateway/calls/admit-call.ts'
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
