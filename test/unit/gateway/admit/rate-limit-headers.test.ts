import { describe, expect, it } from 'vitest'
import { rateLimitHeaders } from '../../../../src/gateway/admit/rate-limit-headers.ts'
import { quotaInMemory } from '../../../support/quota-in-memory.ts'
import { verifies } from '../../../support/verifies.ts'

const ann = { id: 'ann', kind: 'api-key', group: 'default' } as const

describe('the headers of limits', () => {
  it('say each limit, its window, what is left and when the first is let go', async () => {
    verifies('quotas.headers')
    let now = Date.UTC(2099, 0, 1, 12)
    const limits = [{ per: 'group', unit: 'output_tokens', most: 500, every: '30s' }]
    const quota = quotaInMemory({ concurrentRequests: 2, tokensPerDay: 1_000, limits, now: () => now })
    const first = await quota.reserve(ann, { tokens: 300, output_tokens: 200 })
    expect(first.headers).toEqual([
      'ratelimit-policy',
      '"key-runs-running";q=2, "key-tokens-day";q=1000;w=86400, "group-output-tokens-30s";q=500;w=30',
      'ratelimit',
      '"key-runs-running";r=1, "key-tokens-day";r=700, "group-output-tokens-30s";r=300',
    ])
    first.use({ tokens: 100, output_tokens: 10 })
    await first[Symbol.asyncDispose]()
    now += 10_000
    const { headers } = await quota.reserve(ann, { tokens: 1, output_tokens: 1 })
    // A piece of 30 s is half a second long, and the first one began with the request.
    expect(headers.at(-1)).toBe(
      '"key-runs-running";r=1, "key-tokens-day";r=899;t=43190, "group-output-tokens-30s";r=489;t=21',
    )
  })

  it('stand at a refusal for the limit that refuses, and agree with when it says to come again', async () => {
    verifies('quotas.headers')
    const now = () => Date.UTC(2099, 0, 1, 23, 59, 30)
    const quota = quotaInMemory({ concurrentRequests: 2, tokensPerDay: 1_000, now })
    const spent = await quota.reserve(ann, { tokens: 1_000 })
    spent.use({ tokens: 1_000 })
    await spent[Symbol.asyncDispose]()
    await expect(quota.reserve(ann, { tokens: 1 })).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 30,
      headers: ['ratelimit-policy', '"key-tokens-day";q=1000;w=86400', 'ratelimit', '"key-tokens-day";r=0;t=30'],
    })
  })

  it('say that nothing is left where more was used than there is, and no time that is over', () => {
    const limit = { account: 'key:ann', unit: 'input_tokens', window: '60s', most: 100 } as const
    const rest = (own: object, held = {}) =>
      rateLimitHeaders([{ limit, used: 0, held: 0, now: 5_000, nextAt: null, ...own }], held)[3]
    expect(rest({ used: 60, held: 30 }, { input_tokens: 10 })).toBe('"key-input-tokens-60s";r=0')
    expect(rest({ used: 60, held: 30 }, { tokens: 10 })).toBe('"key-input-tokens-60s";r=10')
    expect(rest({ used: 160 })).toBe('"key-input-tokens-60s";r=0')
    expect(rest({ used: 50, held: 70 })).toBe('"key-input-tokens-60s";r=0')
    expect(rest({ nextAt: 6_001 })).toBe('"key-input-tokens-60s";r=100;t=2')
    expect(rest({ nextAt: 5_000 })).toBe('"key-input-tokens-60s";r=100;t=0')
    expect(rest({ nextAt: 1_000 })).toBe('"key-input-tokens-60s";r=100;t=0')
  })

  it.each([
    ['hour', 3_600],
    ['day', 86_400],
    ['month', 2_592_000],
    ['60s', 60],
    ['7200s', 7_200],
  ] as const)('say the window %s in seconds: %i', (window, seconds) => {
    const limit = { account: 'tenant:a:b', unit: 'requests', window, most: 5 } as const
    expect(rateLimitHeaders([{ limit, used: 0, held: 0, now: 0, nextAt: null }], {})[1]).toBe(
      `"tenant-requests-${window}";q=5;w=${seconds}`,
    )
  })

  it('are not there where nothing is limited', () => expect(rateLimitHeaders([], {})).toEqual([]))
})
