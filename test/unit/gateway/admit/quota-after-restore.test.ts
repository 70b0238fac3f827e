import { describe, expect, it } from 'vitest'
import { createQuota } from '../../../../src/gateway/admit/quota.ts'

const ann = { id: 'ann', kind: 'api-key', group: 'default' } as const
const bob = { ...ann, id: 'bob' }

describe('the tokens of the day of a restore', () => {
  it('count as used, since nobody knows how many were, and are there on the next day', () => {
    let now = Date.UTC(2026, 0, 10, 23)
    const quotaUsedDay = Math.floor(now / 86_400_000)
    const limitsFor = () => ({ concurrentRequests: 10, tokensPerDay: 100 })
    const quota = createQuota({ limitsFor, now: () => now })
    const message = 'The storage was restored today, and what was used before is not known.'
    expect(() => quota.reserve({ ...ann, quotaUsedDay }, 1)).toThrow(message)
    // A statement of the caller's own takes none, and another caller's are counted as ever.
    expect(() => quota.reserve({ ...ann, quotaUsedDay }, 0)).not.toThrow()
    expect(() => quota.reserve(bob, 100)).not.toThrow()
    expect(() => quota.reserve(ann, 100)).not.toThrow()
    now += 3_600_000
    expect(() => quota.reserve({ ...ann, quotaUsedDay }, 100)).not.toThrow()
    // A clock that is set back gives no day a second time, and takes none either.
    now -= 3_600_000
    expect(() => quota.reserve({ ...bob, quotaUsedDay }, 1)).toThrow(message)
  })

  it('come again with the next day, which a client may wait for within a minute of it', () => {
    const midnight = Date.UTC(2026, 0, 11)
    let now = midnight - 60_500
    const limitsFor = () => ({ concurrentRequests: 10, tokensPerDay: 100 })
    const quota = createQuota({ limitsFor, now: () => now })
    const restored = { ...ann, quotaUsedDay: Math.floor(now / 86_400_000) }
    expect(() => quota.reserve(restored, 1)).toThrow(
      expect.objectContaining({
        code: 'quota-exceeded',
        resetsAt: new Date(midnight),
        message:
          'The storage was restored today, and what was used before is not known. The next tokens are given at 2026-01-11T00:00:00.000Z.',
      }),
    )
    now = midnight - 30_000
    expect(() => quota.reserve(restored, 1)).toThrow(
      expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 30 }),
    )
  })
})
