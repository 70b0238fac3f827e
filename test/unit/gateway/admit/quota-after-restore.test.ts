import { describe, expect, it } from 'vitest'
import { quotaInMemory } from '../../../support/quota-in-memory.ts'

const ann = { id: 'ann', kind: 'api-key', group: 'default' } as const
const bob = { ...ann, id: 'bob' }

describe('the tokens of the day of a restore', () => {
  it('count as used, since nobody knows how many were, and are there on the next day', async () => {
    let now = Date.UTC(2026, 0, 10, 23)
    const quotaUsedDay = Math.floor(now / 86_400_000)
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 100, now: () => now })
    const message = 'The storage was restored today, and what was used before is not known.'
    await expect(quota.reserve({ ...ann, quotaUsedDay }, { tokens: 1 })).rejects.toThrow(message)
    // A statement of the caller's own takes none, and another caller's are counted as ever.
    await quota.reserve({ ...ann, quotaUsedDay }, { tokens: 0 })
    await quota.reserve(bob, { tokens: 100 })
    await quota.reserve(ann, { tokens: 100 })
    now += 3_600_000
    await quota.reserve({ ...ann, quotaUsedDay }, { tokens: 100 })
    // A clock that is set back gives no day a second time, and takes none either.
    now -= 3_600_000
    await expect(quota.reserve({ ...bob, quotaUsedDay }, { tokens: 1 })).rejects.toThrow(message)
  })

  it('come again with the next day, which a client may wait for within a minute of it', async () => {
    const midnight = Date.UTC(2026, 0, 11)
    let now = midnight - 60_500
    const quota = quotaInMemory({ concurrentRequests: 10, tokensPerDay: 100, now: () => now })
    const restored = { ...ann, quotaUsedDay: Math.floor(now / 86_400_000) }
    await expect(quota.reserve(restored, { tokens: 1 })).rejects.toMatchObject({
      code: 'quota-exceeded',
      resetsAt: new Date(midnight),
      message:
        'The storage was restored today, and what was used before is not known. The next tokens are given at 2026-01-11T00:00:00.000Z.',
    })
    now = midnight - 30_000
    await expect(quota.reserve(restored, { tokens: 1 })).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 30,
    })
  })
})
