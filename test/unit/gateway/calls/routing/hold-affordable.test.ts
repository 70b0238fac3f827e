import { describe, expect, it } from 'vitest'
import type { CallTarget } from '../../../../../src/core/model-call.ts'
import { beginCall } from '../../../../../src/gateway/calls/admit-call.ts'
import { holdAffordable } from '../../../../../src/gateway/calls/routing/hold-affordable.ts'
import { routeCall } from '../../../../../src/gateway/calls/routing/route-call.ts'
import type { Route } from '../../../../../src/models/routing/routes.ts'
import { TargetLoads } from '../../../../../src/models/routing/target-loads.ts'
import { quotaInMemory } from '../../../../support/quota-in-memory.ts'
import { authorizedCall } from '../../../../support/received-call.ts'
import { routeTarget, routeTo } from '../../../../support/route-to.ts'
import { verifies } from '../../../../support/verifies.ts'

const priced = (name: string, tier: string, output: number) =>
  routeTarget(
    { upstream: name, model: 'm', renamed: false, price: { input: 0, output, parts: {}, request: 0, tools: {} } },
    { name, tier },
  )
const targets = [
  priced('gold', 'gold', 9_000_000),
  priced('gold-2', 'gold', 9_000_000),
  priced('silver', 'silver', 2_000_000),
  priced('free', 'free', 0),
] as const

interface HeldOptions {
  readonly tier?: string
  readonly downgrade?: boolean
  readonly strategy?: Route['strategy']
}

/** The candidates of a call that writes a hundred tokens, and what is held of its caller's money. */
async function held(most: number, { tier = 'gold', downgrade = true, strategy = 'tier' }: HeldOptions = {}) {
  const route: Route = { ...routeTo('r', ...targets), strategy, downgrade }
  const quota = quotaInMemory({
    concurrentRequests: 9,
    tokensPerDay: 1_000_000,
    limits: [{ per: 'key', unit: 'money', most, every: 'day' }],
  })
  const plain = authorizedCall({ outputTokens: 100 }, 10)
  const candidates: readonly [CallTarget, ...CallTarget[]] = targets
  const call = { ...plain, candidates, target: candidates[0], grant: { ...plain.grant, tier } }
  const begun = await beginCall(call, quota)
  await using _reservation = begun.reservation
  const routed = await routeCall(begun, route, new TargetLoads())
  const affordable = await holdAffordable(routed.call, routed.plan, begun.reservation)
  expect(affordable.target).toBe(affordable.candidates[0])
  return [affordable.candidates.map(({ name }) => name).join(' '), begun.reservation.held.money]
}

describe('a call by tiers', () => {
  it('goes to the tier of its group, and lower ones step in where the route lets them', async () => {
    verifies('routing.tier')
    expect(await held(10_000)).toEqual(['gold gold-2 silver free', 900])
    expect(await held(10_000, { downgrade: false })).toEqual(['gold gold-2', 900])
    expect(await held(10_000, { tier: 'silver' })).toEqual(['silver free', 200])
    expect(await held(10_000, { tier: 'free' })).toEqual(['free', 0])
  })

  it('goes to the next tier that can be paid for where its own cannot', async () => {
    verifies('routing.downgrade')
    expect(await held(899)).toEqual(['silver free', 200])
    expect(await held(199)).toEqual(['free', 0])
    await expect(held(899, { downgrade: false })).rejects.toMatchObject({ code: 'quota-exceeded' })
  })

  it('is refused, and not served by another tier, where no target is of its own', async () => {
    verifies('routing.tier')
    await expect(held(10_000, { tier: 'bronze' })).rejects.toMatchObject({
      code: 'forbidden',
      message: 'The tier of your group has no model of "r".',
    })
  })

  it('is by no other strategy brought to what can be paid for', async () => {
    await expect(held(899, { strategy: 'order' })).rejects.toMatchObject({ code: 'quota-exceeded' })
  })
})
