import { describe, expect, it } from 'vitest'
import { createLimitsFor } from '../../../../src/gateway/admit/limits.ts'
import { gatewayOptions } from '../../../../src/gateway/options.ts'
import { quotaInMemory } from '../../../support/quota-in-memory.ts'

const ann = { id: 'ann', kind: 'api-key', group: 'default' } as const

describe('the limits of a group', () => {
  const limitsOf = (limits: readonly object[], group: object = {}) =>
    createLimitsFor(gatewayOptions.parse({ groups: { default: { limits, ...group } } }).groups)(ann)

  it('are those of each key, and what else is configured, by whose it is and how long it counts', () => {
    const limits = [
      { per: 'group', unit: 'requests', most: 60, every: '1m' },
      { per: 'tenant', unit: 'tokens', most: 7, every: 'month' },
      { per: 'key', unit: 'output_tokens', most: 5, every: '2h' },
    ]
    expect(limitsOf(limits, { tenant: 'acme', concurrent_requests: 3, tokens_per_day: 1_000 })).toEqual([
      { account: 'key:ann', unit: 'runs', window: 'running', most: 3 },
      { account: 'key:ann', unit: 'tokens', window: 'day', most: 1_000 },
      { account: 'group:default', unit: 'requests', window: '60s', most: 60 },
      { account: 'tenant:acme', unit: 'tokens', window: 'month', most: 7 },
      { account: 'key:ann', unit: 'output_tokens', window: '7200s', most: 5 },
    ])
  })

  it('let nothing through for a group that there is not', () => {
    const limits = createLimitsFor({})(ann)
    expect(limits).toEqual([{ account: 'key:ann', unit: 'runs', window: 'running', most: 0 }])
  })

  it.each([
    [{ per: 'key', unit: 'requests', most: 1 }, 'is needed for every unit but runs'],
    [{ per: 'key', unit: 'runs', most: 1, every: 'day' }, 'is needed for every unit but runs'],
    [{ per: 'key', unit: 'requests', most: 1, every: 'week' }, 'must be hour, day, month'],
    [{ per: 'key', unit: 'requests', most: 1, every: '0s' }, 'must be hour, day, month'],
    [{ per: 'key', unit: 'requests', most: -1, every: 'day' }, '>=0'],
    [{ per: 'everybody', unit: 'requests', most: 1, every: 'day' }, 'per'],
  ])('are refused as %j', (limit, message) => {
    const parsed = gatewayOptions.safeParse({ groups: { default: { limits: [limit] } } })
    expect(parsed.error?.message).toContain(message)
  })

  it('are refused where two are of the same', () => {
    const limit = { per: 'key', unit: 'requests', most: 1, every: 'day' }
    const parsed = gatewayOptions.safeParse({ groups: { default: { limits: [limit, { ...limit, most: 2 }] } } })
    expect(parsed.error?.message).toContain('two limits of the same per, unit and every')
  })
})

describe('what a caller is told', () => {
  const now = () => Date.UTC(2026, 10, 27, 12)
  const refusal = async (limit: object, asked: object, before: object) => {
    const quota = quotaInMemory({ concurrentRequests: 9, tokensPerDay: 1_000_000, limits: [limit], now })
    const held = await quota.reserve(ann, before)
    held.use(before)
    await held[Symbol.asyncDispose]()
    return quota.reserve({ ...ann, id: 'bob' }, asked).then(
      () => null,
      (thrown: unknown) => thrown,
    )
  }

  it('names the limit, whose it is, what is left and when it fits', async () => {
    const limit = { per: 'group', unit: 'output_tokens', most: 100, every: 'month' }
    expect(await refusal(limit, { output_tokens: 50 }, { output_tokens: 60 })).toMatchObject({
      code: 'quota-exceeded',
      message:
        'Of 100 output tokens a month of your group, 40 are left; this request may need 50. It fits at 2026-12-01T00:00:00.000Z.',
      resetsAt: new Date(Date.UTC(2026, 11)),
    })
  })

  it('is a time to wait where that is a minute or less', async () => {
    const limit = { per: 'tenant', unit: 'requests', most: 1, every: '30s' }
    expect(await refusal(limit, {}, {})).toMatchObject({
      code: 'rate-limited',
      message: expect.stringMatching(
        /^Of 1 requests in 30 s of your organization, 0 are left; this request may need 1\./,
      ),
      retryAfterSeconds: 31,
    })
  })

  it('is that it never fits, where it does not', async () => {
    const limit = { per: 'key', unit: 'output_tokens', most: 100, every: '5m' }
    const error = await refusal(limit, { output_tokens: 101 }, {})
    expect(error).toMatchObject({
      code: 'quota-exceeded',
      message:
        'Of 100 output tokens in 5 min, 100 are left; this request may need 101. That is more than there ever are.',
      advice: 'Send less, or ask for a shorter answer (max_tokens).',
      resetsAt: undefined,
    })
  })
})
