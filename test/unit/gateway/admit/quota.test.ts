import { describe, expect, it } from 'vitest'
import type { ServiceError } from '../../../../src/core/errors.ts'
import { createLimitsFor } from '../../../../src/gateway/admit/limits.ts'
import { createQuota, type Quota } from '../../../../src/gateway/admit/quota.ts'
import { gatewayOptions } from '../../../../src/gateway/options.ts'
import { createMemoryQuotas } from '../../../../src/storage/quotas/memory-quotas.ts'
import { quotaInMemory } from '../../../support/quota-in-memory.ts'

const ann = { id: 'ann', kind: 'api-key', group: 'default' } as const
const bob = { ...ann, id: 'bob' }

function quotaOf(tokensPerDay: number, concurrentRequests = 10) {
  return quotaInMemory({ concurrentRequests, tokensPerDay })
}

describe('a request that may need more tokens than a day has', () => {
  it('is admitted while the whole day is left, and holds all of it', async () => {
    const quota = quotaOf(100)
    await quota.reserve(ann, { tokens: 5_000 }, { guessed: ['tokens'] })
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toThrow(
      'Of 100 tokens a day, 0 are left; this request may need 1.',
    )
  })

  it('is refused as soon as one token is used', async () => {
    const quota = quotaOf(100)
    const first = await quota.reserve(ann, { tokens: 10 })
    first.use({ tokens: 1 })
    await first[Symbol.asyncDispose]()
    await expect(quota.reserve(ann, { tokens: 5_000 }, { guessed: ['tokens'] })).rejects.toThrow(
      'Of 100 tokens a day, 99 are left; this request may need 100.',
    )
    await quota.reserve(ann, { tokens: 99 })
  })

  it('is refused where what is known of it is more already', async () => {
    const bounds = { tokens: 5_150, input_tokens: 150, output_tokens: 5_000 }
    const guessed = ['tokens', 'output_tokens'] as const
    await expect(quotaOf(100).reserve(ann, bounds, { guessed })).rejects.toThrow(
      'Of 100 tokens a day, 100 are left; this request may need 150.',
    )
    expect(await quotaOf(200).reserve(ann, bounds, { guessed })).toMatchObject({ held: { tokens: 200 } })
  })

  it('gives back exactly what it held', async () => {
    const quota = quotaOf(100)
    await (await quota.reserve(ann, { tokens: 5_000 }, { guessed: ['tokens'] }))[Symbol.asyncDispose]()
    expect(await quota.reserve(ann, { tokens: 100 })).toMatchObject({ held: { tokens: 100 } })
  })
})

describe('a further attempt at a request', () => {
  const spent = { input_tokens: 30, output_tokens: 10 }
  const bounds = { tokens: 60, input_tokens: 40, output_tokens: 20 }

  it('is held beside what the first has used, and fits to the last token', async () => {
    const quota = quotaOf(100)
    const reservation = await quota.begin(ann, null)
    await reservation.hold(bounds)
    await reservation.hold(bounds, { spent })
    expect(reservation.held).toMatchObject(bounds)
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toThrow('0 are left')
    reservation.use({ input_tokens: 70, output_tokens: 30 })
    await reservation[Symbol.asyncDispose]()
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toThrow('0 are left')
  })

  it('does not fit with one token less, and what was used counts', async () => {
    const quota = quotaOf(99)
    const reservation = await quota.begin(ann, null)
    await reservation.hold(bounds)
    await expect(reservation.hold(bounds, { spent })).rejects.toThrow(
      'Of 99 tokens a day, 99 are left; this request may need 100.',
    )
    await reservation[Symbol.asyncDispose]()
    await expect(quota.reserve(ann, { tokens: 60 })).rejects.toThrow('59 are left')
    await (await quota.reserve(ann, { tokens: 59 }))[Symbol.asyncDispose]()
  })

  it('of which nobody can say how much it will be needs all that a further request would', async () => {
    const quota = quotaOf(100)
    const reservation = await quota.begin(ann, null)
    await reservation.hold({ tokens: 5_000 }, { guessed: ['tokens'] })
    await expect(reservation.hold({ tokens: 5_000 }, { guessed: ['tokens'], spent: { tokens: 1 } })).rejects.toThrow(
      'Of 100 tokens a day, 100 are left; this request may need 101.',
    )
  })

  it('at a cheaper model asks no store where enough is held for both', async () => {
    const ledger = createMemoryQuotas({ now: Date.now })
    let asked = 0
    const { groups } = gatewayOptions.parse({ groups: { default: { tokens_per_day: 1_000 } } })
    await using quota = createQuota({
      limitsFor: createLimitsFor(groups),
      ledgerFor: () => ({
        hold: (ask) => ((asked += 1), ledger.hold(ask)),
        settle: (lease, uses) => ledger.settle(lease, uses),
        renew: (running) => ledger.renew(running),
        recover: () => ledger.recover(),
      }),
    })
    await using reservation = await quota.begin(ann, null)
    await reservation.hold({ tokens: 60 })
    await reservation.hold({ tokens: 20 }, { spent: { tokens: 40 } })
    expect(asked).toBe(1)
    await reservation.hold({ tokens: 21 }, { spent: { tokens: 40 } })
    expect(asked).toBe(2)
  })
})

describe('the tokens of a day', () => {
  it('are given to the last one, and not one more', async () => {
    const quota = quotaOf(100)
    await quota.reserve(ann, { tokens: 60 })
    await quota.reserve(ann, { tokens: 40 })
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toThrow(/0 are left/)
  })

  it('are of each caller alone', async () => {
    const quota = quotaOf(100)
    await quota.reserve(ann, { tokens: 100 })
    expect(await quota.reserve(bob, { tokens: 100 })).toMatchObject({ held: { tokens: 100 } })
  })

  it('are spent by what was used, also where that is more than was held', async () => {
    const quota = quotaOf(100)
    const held = await quota.reserve(ann, { tokens: 10 })
    held.use({ tokens: 30 })
    held.use({ tokens: 42 })
    held.use({ tokens: 12 })
    held.use({ tokens: -50 })
    await held[Symbol.asyncDispose]()
    await expect(quota.reserve(ann, { tokens: 59 })).rejects.toThrow(/58 are left/)
    await quota.reserve(ann, { tokens: 58 })
  })

  it('are not spent by a request that is over', async () => {
    const quota = quotaOf(100)
    const held = await quota.reserve(ann, { tokens: 10 })
    await held[Symbol.asyncDispose]()
    held.use({ tokens: 100 })
    await held[Symbol.asyncDispose]()
    expect(await quota.reserve(ann, { tokens: 100 })).toMatchObject({ held: { tokens: 100 } })
  })

  it('say how much the requests hold that run', async () => {
    const quota = quotaOf(100)
    await quota.reserve(ann, { tokens: 70 })
    await expect(quota.reserve(ann, { tokens: 31 })).rejects.toMatchObject({
      code: 'rate-limited',
      message: 'Of 100 tokens a day, 30 are left; this request may need 31. Requests of yours that run hold 70.',
    })
  })

  it("begin anew with the day, whatever yesterday's requests still hold", async () => {
    let time = 86_400_000 * 20_000
    const quota = quotaInMemory({ concurrentRequests: 9, tokensPerDay: 100, now: () => time })
    const yesterday = await quota.reserve(ann, { tokens: 80 })
    time += 86_400_000
    await quota.reserve(ann, { tokens: 100 })
    yesterday.use({ tokens: 5 })
    await yesterday[Symbol.asyncDispose]()
    // What it held was yesterday's: nothing of today comes back with it.
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toThrow(/0 are left/)
  })
})

describe('a caller who has to wait', () => {
  /** A quota of one place, whose requests took so long one after the other. */
  async function after(...milliseconds: number[]) {
    let elapsed = 0
    const quota = quotaInMemory({ concurrentRequests: 1, tokensPerDay: 100_000, elapsed: () => elapsed })
    for (const each of milliseconds) {
      const held = await quota.reserve(ann, { tokens: 1 })
      elapsed += each
      await held[Symbol.asyncDispose]()
    }
    await quota.reserve(ann, { tokens: 1 })
    return { quota, pass: (time: number) => (elapsed += time) }
  }
  const wait = (retryAfterSeconds: number) => expect.objectContaining({ code: 'rate-limited', retryAfterSeconds })

  it.each([
    [[], 5],
    [[15_000], 8],
    [[15_000, 15_000], 11],
    [[1_000, 1_000], 3],
    [[3_600_000], 60],
  ])('gets the usual time of requests that took %j ms: %i s', async (milliseconds, seconds) => {
    const { quota } = await after(...milliseconds)
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toEqual(wait(seconds))
  })

  it('gets what is left of that time, and never less than a second', async () => {
    const { quota, pass } = await after()
    pass(2_000)
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toEqual(wait(3))
    pass(2_900)
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toEqual(wait(1))
    pass(60_000)
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toEqual(wait(1))
  })

  it('waits for the request that began first', async () => {
    let elapsed = 0
    const quota = quotaInMemory({ concurrentRequests: 2, tokensPerDay: 100, elapsed: () => elapsed })
    const first = await quota.reserve(ann, { tokens: 1 })
    elapsed += 3_000
    await quota.reserve(ann, { tokens: 1 })
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toEqual(wait(2))
    await first[Symbol.asyncDispose]()
    await quota.reserve(ann, { tokens: 1 })
    // The one that ended took 3 s, so that 4.4 s are usual.
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toEqual(wait(5))
  })

  it('waits for what runs where that gives enough back, else for the next day', async () => {
    const now = () => 86_400_000 * 20_000
    const quota = quotaInMemory({ concurrentRequests: 9, tokensPerDay: 100, now })
    const spent = await quota.reserve(ann, { tokens: 50 })
    spent.use({ tokens: 50 })
    await spent[Symbol.asyncDispose]()
    await quota.reserve(ann, { tokens: 50 })
    await expect(quota.reserve(ann, { tokens: 50 })).rejects.toMatchObject({ code: 'rate-limited' })
    await expect(quota.reserve(ann, { tokens: 51 })).rejects.toMatchObject({
      code: 'quota-exceeded',
      message: 'Of 100 tokens a day, 0 are left; this request may need 51. It fits at 2024-10-05T00:00:00.000Z.',
    })
  })

  it('has the limits of who it is', async () => {
    const { groups } = gatewayOptions.parse({
      groups: { default: { concurrent_requests: 2 }, small: { concurrent_requests: 1 } },
    })
    const ledger = createMemoryQuotas({ now: Date.now })
    const quota = createQuota({ limitsFor: createLimitsFor(groups), ledgerFor: () => ledger })
    await quota.reserve(ann, { tokens: 1 })
    await quota.reserve(ann, { tokens: 1 })
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toThrow('2 requests of yours are already running.')
    await quota.reserve({ ...bob, group: 'small' }, { tokens: 1 })
    await expect(quota.reserve({ ...bob, group: 'small' }, { tokens: 1 })).rejects.toThrow(
      '1 requests of yours are already running.',
    )
  })
})

describe('the quota of a caller', () => {
  it('lets no two requests share the last token', async () => {
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 1_500 })
    await quota.reserve(ann, { tokens: 1_000 })
    await expect(quota.reserve(ann, { tokens: 1_000 })).rejects.toThrow(/500 are left/)
  })

  it('limits requests at the same time, and frees a place on leaving scope, once', async () => {
    const quota = quotaInMemory({ concurrentRequests: 1, tokensPerDay: 1_000_000 })
    const first = await quota.reserve(ann, { tokens: 10 })
    await expect(quota.reserve(ann, { tokens: 10 })).rejects.toThrow('1 requests of yours are already running.')
    await first[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
    const second = await quota.reserve(ann, { tokens: 10 })
    await expect(quota.reserve(ann, { tokens: 10 })).rejects.toThrow('already running')
    await second[Symbol.asyncDispose]()
  })

  const dayBegan = 86_400_000 * 20_000

  async function spend(quota: Quota, tokens: number) {
    await using held = await quota.reserve(ann, { tokens })
    held.use({ tokens })
  }

  it("C2: a day's quota that is spent is nothing to repeat, and says when the next is given", async () => {
    let time = dayBegan + 3_600_000
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 100, now: () => time })
    await spend(quota, 100)
    await expect(quota.reserve(ann, { tokens: 100 })).rejects.toMatchObject({
      code: 'quota-exceeded',
      resetsAt: new Date(dayBegan + 86_400_000),
    })
    time += 86_400_000
    await quota.reserve(ann, { tokens: 100 })
  })

  it('C2: is given once, also where the clock is set back over midnight', async () => {
    let time = dayBegan + 1_000
    const quota = quotaInMemory({ concurrentRequests: 9, tokensPerDay: 100, now: () => time })
    const held = await quota.reserve(ann, { tokens: 100 })
    held.use({ tokens: 100 })
    await held[Symbol.asyncDispose]()
    time = dayBegan - 1_000
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toMatchObject({
      code: 'quota-exceeded',
      resetsAt: new Date(dayBegan + 86_400_000),
    })
    time = dayBegan + 86_400_000
    await quota.reserve(ann, { tokens: 100 })
  })

  it('C2: within a minute of the next day a client may wait for it', async () => {
    const now = () => dayBegan + 86_400_000 - 42_500
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 100, now })
    await spend(quota, 100)
    await expect(quota.reserve(ann, { tokens: 100 })).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 43,
    })
  })

  it('C2: what running requests hold comes back with them, not with the next day', async () => {
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 100 })
    await quota.reserve(ann, { tokens: 100 })
    await expect(quota.reserve(ann, { tokens: 100 })).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 5,
    })
  })

  it("S8: says when a place will be free by how long this caller's requests take", async () => {
    let elapsed = 0
    const quota = quotaInMemory({ concurrentRequests: 1, tokensPerDay: 1_000_000, elapsed: () => elapsed })
    for (let round = 0; round < 20; round += 1) {
      await using _held = await quota.reserve(ann, { tokens: 1 })
      elapsed += 20_000
    }
    await quota.reserve(ann, { tokens: 1 })
    elapsed += 12_000
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 8,
    })
    elapsed += 600_000
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toMatchObject({ retryAfterSeconds: 1 })
  })

  it('S8: of 300 requests at once as many run as the limit allows', async () => {
    const quota = quotaInMemory({ concurrentRequests: 100, tokensPerDay: 1_000_000 })
    const asked = Array.from({ length: 300 }, () =>
      quota.reserve(ann, { tokens: 10 }).then(
        () => 'held',
        (thrown: ServiceError) => thrown.code,
      ),
    )
    const codes = await Promise.all(asked)
    expect(Map.groupBy(codes, (code) => code).get('held')).toHaveLength(100)
    expect(Map.groupBy(codes, (code) => code).get('rate-limited')).toHaveLength(200)
  })
})

describe('what is told of quotas', () => {
  it('is the limit that refused, what counts, and what does not count yet', async () => {
    const { groups } = gatewayOptions.parse({ groups: { default: { concurrent_requests: 1 } } })
    const memory = createMemoryQuotas({ now: Date.now })
    let isDown = false
    const ledger = {
      ...memory,
      settle: async (...given: Parameters<typeof memory.settle>) => {
        if (isDown) throw new Error('down')
        return memory.settle(...given)
      },
    }
    const told: unknown[] = []
    const quota = createQuota({
      limitsFor: createLimitsFor(groups),
      ledgerFor: () => ledger,
      watch: {
        onRefused: ({ unit }) => told.push(['refused', unit]),
        onSettled: (group, uses) => told.push(['settled', group, uses.tokens]),
        onUnsettled: (count) => told.push(['unsettled', count]),
        onRecovered: (count) => told.push(['recovered', count]),
      },
    })
    const first = await quota.reserve(ann, { tokens: 10 })
    await expect(quota.reserve(ann, { tokens: 10 })).rejects.toMatchObject({ code: 'rate-limited' })
    first.use({ tokens: 7 })
    isDown = true
    await first[Symbol.asyncDispose]()
    expect(told).toEqual([
      ['refused', 'runs'],
      ['unsettled', 1],
    ])
    isDown = false
    await quota[Symbol.asyncDispose]()
    expect(told.slice(2)).toEqual([
      ['settled', 'default', 7],
      ['unsettled', 0],
    ])
  })

  it('is what counts once, where the clock settles what is being settled', async () => {
    const { groups } = gatewayOptions.parse({ groups: { default: {} } })
    const memory = createMemoryQuotas({ now: Date.now })
    const gate = Promise.withResolvers<void>()
    const ledger = {
      ...memory,
      settle: async (...given: Parameters<typeof memory.settle>) => {
        await gate.promise
        return memory.settle(...given)
      },
    }
    const settled: unknown[] = []
    const nothing = () => undefined
    const watch = { onRefused: nothing, onUnsettled: nothing, onRecovered: nothing }
    const quota = createQuota({
      limitsFor: createLimitsFor(groups),
      ledgerFor: () => ledger,
      watch: { ...watch, onSettled: (_group, uses) => settled.push(uses.tokens) },
    })
    const reservation = await quota.reserve(ann, { tokens: 10 })
    reservation.use({ tokens: 7 })
    const both = [reservation[Symbol.asyncDispose](), quota[Symbol.asyncDispose]()]
    gate.resolve()
    await Promise.all(both)
    expect(settled).toEqual([7])
  })
})

describe('a request of which nothing comes', () => {
  it.each([
    ['waived', true, 'admitted'],
    ['over', false, 'refused'],
  ])('that is %s leaves the one request that there was: %s, the next is %s', async (_claim, isWaived, expected) => {
    const limits = [{ per: 'key', unit: 'requests', most: 1, every: '1h' }]
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 100, limits })
    const first = await quota.begin(ann, null)
    await first.hold({ tokens: 10 })
    if (isWaived) first.waive()
    await first[Symbol.asyncDispose]()
    const next = quota.reserve(ann, { tokens: 10 })
    expect(
      await next.then(
        () => 'admitted',
        () => 'refused',
      ),
    ).toBe(expected)
  })
})
