import { describe, expect, it } from 'vitest'
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
