import { describe, expect, it } from 'vitest'
import type { ServiceError } from '../../../../src/core/errors.ts'
import { createQuota } from '../../../../src/gateway/admit/quota.ts'

const ann = { id: 'ann', kind: 'api-key', group: 'default' } as const
const bob = { ...ann, id: 'bob' }

function quotaOf(tokensPerDay: number, concurrentRequests = 10) {
  return createQuota({ limitsFor: () => ({ concurrentRequests, tokensPerDay }) })
}

describe('a request that may need more tokens than a day has', () => {
  it('is admitted while the whole day is left, and holds all of it', () => {
    const quota = quotaOf(100)
    expect(() => quota.reserve(ann, 5_000)).not.toThrow()
    expect(() => quota.reserve(ann, 1)).toThrow('Of 100 tokens a day, 0 are left; this request may need 1.')
  })

  it('is refused as soon as one token is used', async () => {
    const quota = quotaOf(100)
    const first = quota.reserve(ann, 10)
    first.use(1)
    await first[Symbol.asyncDispose]()
    expect(() => quota.reserve(ann, 5_000)).toThrow('Of 100 tokens a day, 99 are left; this request may need 5000.')
    expect(() => quota.reserve(ann, 99)).not.toThrow()
  })

  it('gives back exactly what it held', async () => {
    const quota = quotaOf(100)
    await quota.reserve(ann, 5_000)[Symbol.asyncDispose]()
    expect(() => quota.reserve(ann, 100)).not.toThrow()
  })
})

describe('the tokens of a day', () => {
  it('are given to the last one, and not one more', () => {
    const quota = quotaOf(100)
    quota.reserve(ann, 60)
    quota.reserve(ann, 40)
    expect(() => quota.reserve(ann, 1)).toThrow(/0 are left/)
  })

  it('are of each caller alone', () => {
    const quota = quotaOf(100)
    quota.reserve(ann, 100)
    expect(() => quota.reserve(bob, 100)).not.toThrow()
  })

  it('are spent by what was used, also where that is more than was held', async () => {
    const quota = quotaOf(100)
    const held = quota.reserve(ann, 10)
    held.use(30)
    held.use(42)
    held.use(12)
    held.use(-50)
    await held[Symbol.asyncDispose]()
    expect(() => quota.reserve(ann, 59)).toThrow(/58 are left/)
    expect(() => quota.reserve(ann, 58)).not.toThrow()
  })

  it('are not spent by a request that is over', async () => {
    const quota = quotaOf(100)
    const held = quota.reserve(ann, 10)
    await held[Symbol.asyncDispose]()
    held.use(100)
    await held[Symbol.asyncDispose]()
    expect(() => quota.reserve(ann, 100)).not.toThrow()
  })

  it('say how much the requests hold that run', () => {
    const quota = quotaOf(100)
    quota.reserve(ann, 70)
    expect(() => quota.reserve(ann, 31)).toThrow(
      expect.objectContaining({
        code: 'rate-limited',
        message: 'Of 100 tokens a day, 30 are left; this request may need 31. Requests of yours that run hold 70.',
      }),
    )
  })

  it("begin anew with the day, whatever yesterday's requests still hold", async () => {
    let time = 86_400_000 * 20_000
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 9, tokensPerDay: 100 }), now: () => time })
    const yesterday = quota.reserve(ann, 80)
    time += 86_400_000
    quota.reserve(ann, 100)
    yesterday.use(5)
    await yesterday[Symbol.asyncDispose]()
    // What it held was yesterday's: nothing of today comes back with it.
    expect(() => quota.reserve(ann, 1)).toThrow(/0 are left/)
  })
})

describe('a caller who has to wait', () => {
  /** A quota of one place, whose requests took so long one after the other. */
  async function after(...milliseconds: number[]) {
    let elapsed = 0
    const limitsFor = () => ({ concurrentRequests: 1, tokensPerDay: 100_000 })
    const quota = createQuota({ limitsFor, elapsed: () => elapsed })
    for (const each of milliseconds) {
      const held = quota.reserve(ann, 1)
      elapsed += each
      await held[Symbol.asyncDispose]()
    }
    quota.reserve(ann, 1)
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
    expect(() => quota.reserve(ann, 1)).toThrow(wait(seconds))
  })

  it('gets what is left of that time, and never less than a second', async () => {
    const { quota, pass } = await after()
    pass(2_000)
    expect(() => quota.reserve(ann, 1)).toThrow(wait(3))
    pass(2_900)
    expect(() => quota.reserve(ann, 1)).toThrow(wait(1))
    pass(60_000)
    expect(() => quota.reserve(ann, 1)).toThrow(wait(1))
  })

  it('waits for the request that began first', async () => {
    let elapsed = 0
    const limitsFor = () => ({ concurrentRequests: 2, tokensPerDay: 100 })
    const quota = createQuota({ limitsFor, elapsed: () => elapsed })
    const first = quota.reserve(ann, 1)
    elapsed += 3_000
    quota.reserve(ann, 1)
    expect(() => quota.reserve(ann, 1)).toThrow(wait(2))
    await first[Symbol.asyncDispose]()
    quota.reserve(ann, 1)
    // The one that ended took 3 s, so that 4.4 s are usual.
    expect(() => quota.reserve(ann, 1)).toThrow(wait(5))
  })

  it('waits for what runs where that gives enough back, else for the next day', async () => {
    const now = () => 86_400_000 * 20_000
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 9, tokensPerDay: 100 }), now })
    const spent = quota.reserve(ann, 50)
    spent.use(50)
    await spent[Symbol.asyncDispose]()
    quota.reserve(ann, 50)
    expect(() => quota.reserve(ann, 50)).toThrow(expect.objectContaining({ code: 'rate-limited' }))
    expect(() => quota.reserve(ann, 51)).toThrow(
      expect.objectContaining({
        code: 'quota-exceeded',
        message:
          'Of 100 tokens a day, 0 are left; this request may need 51. The next are given at 2024-10-05T00:00:00.000Z.',
      }),
    )
  })

  it('has the limits of who it is', () => {
    const quota = createQuota({
      limitsFor: ({ group }) => ({ concurrentRequests: group === 'small' ? 1 : 2, tokensPerDay: 100 }),
    })
    quota.reserve(ann, 1)
    quota.reserve(ann, 1)
    expect(() => quota.reserve(ann, 1)).toThrow('2 requests of yours are already running.')
    quota.reserve({ ...bob, group: 'small' }, 1)
    expect(() => quota.reserve({ ...bob, group: 'small' }, 1)).toThrow('1 requests of yours are already running.')
  })
})

describe('the quota of a caller', () => {
  it('lets no two requests share the last token', () => {
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 10, tokensPerDay: 1_500 }) })
    quota.reserve(ann, 1_000)
    expect(() => quota.reserve(ann, 1_000)).toThrow(/500 are left/)
  })

  it('limits requests at the same time, and frees a place on leaving scope, once', async () => {
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 1, tokensPerDay: 1_000_000 }) })
    const first = quota.reserve(ann, 10)
    expect(() => quota.reserve(ann, 10)).toThrow('1 requests of yours are already running.')
    await first[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
    const second = quota.reserve(ann, 10)
    expect(() => quota.reserve(ann, 10)).toThrow('already running')
    await second[Symbol.asyncDispose]()
  })

  const dayBegan = 86_400_000 * 20_000

  async function spend(quota: ReturnType<typeof createQuota>, tokens: number) {
    await using held = quota.reserve(ann, tokens)
    held.use(tokens)
  }

  it("C2: a day's quota that is spent is nothing to repeat, and says when the next is given", async () => {
    let time = dayBegan + 3_600_000
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 10, tokensPerDay: 100 }), now: () => time })
    await spend(quota, 100)
    expect(() => quota.reserve(ann, 100)).toThrow(
      expect.objectContaining({ code: 'quota-exceeded', resetsAt: new Date(dayBegan + 86_400_000) }),
    )
    time += 86_400_000
    expect(() => quota.reserve(ann, 100)).not.toThrow()
  })

  it('C2: is given once, also where the clock is set back over midnight', async () => {
    let time = dayBegan + 1_000
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 9, tokensPerDay: 100 }), now: () => time })
    const held = quota.reserve(ann, 100)
    held.use(100)
    await held[Symbol.asyncDispose]()
    time = dayBegan - 1_000
    expect(() => quota.reserve(ann, 1)).toThrow(
      expect.objectContaining({ code: 'quota-exceeded', resetsAt: new Date(dayBegan + 86_400_000) }),
    )
    time = dayBegan + 86_400_000
    expect(() => quota.reserve(ann, 100)).not.toThrow()
  })

  it('C2: within a minute of the next day a client may wait for it', async () => {
    const now = () => dayBegan + 86_400_000 - 42_500
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 10, tokensPerDay: 100 }), now })
    await spend(quota, 100)
    expect(() => quota.reserve(ann, 100)).toThrow(
      expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 43 }),
    )
  })

  it('C2: what running requests hold comes back with them, not with the next day', () => {
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 10, tokensPerDay: 100 }) })
    quota.reserve(ann, 100)
    expect(() => quota.reserve(ann, 100)).toThrow(
      expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 5 }),
    )
  })

  it("S8: says when a place will be free by how long this caller's requests take", async () => {
    let elapsed = 0
    const limitsFor = () => ({ concurrentRequests: 1, tokensPerDay: 1_000_000 })
    const quota = createQuota({ limitsFor, elapsed: () => elapsed })
    for (let round = 0; round < 20; round += 1) {
      await using _held = quota.reserve(ann, 1)
      elapsed += 20_000
    }
    quota.reserve(ann, 1)
    elapsed += 12_000
    expect(() => quota.reserve(ann, 1)).toThrow(expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 8 }))
    elapsed += 600_000
    expect(() => quota.reserve(ann, 1)).toThrow(expect.objectContaining({ retryAfterSeconds: 1 }))
  })

  it('S8: of 300 requests at once as many run as the limit allows', () => {
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 100, tokensPerDay: 1_000_000 }) })
    const codes = Array.from({ length: 300 }, () => {
      try {
        quota.reserve(ann, 10)
        return 'held'
      } catch (thrown) {
        return (thrown as ServiceError).code
      }
    })
    expect(Map.groupBy(codes, (code) => code).get('held')).toHaveLength(100)
    expect(Map.groupBy(codes, (code) => code).get('rate-limited')).toHaveLength(200)
  })
})
