import { createMemoryQuotas } from '../../../../src/storage/quotas/memory-quotas.ts'
import { describe, expect, it } from 'vitest'
import { withRecovery } from '../../../../src/storage/quotas/with-recovery.ts'
import { quotaContract } from '../../../contract/quota-contract.ts'

quotaContract('memory', async () => {
  let ledger: ReturnType<typeof createMemoryQuotas> | null = null
  return { open: async (now) => (ledger ??= createMemoryQuotas({ now })) }
})

describe('a limit that refuses many at once', () => {
  it('has what has expired looked for once for all of them, after each has asked', async () => {
    let [looks, atOnce, most] = [0, 0, 0]
    const refused = {
      kind: 'refused',
      asked: 1,
      fitsAt: null,
      fitsWithoutHeld: false,
      standing: {
        limit: { account: 'key:a', unit: 'runs', window: 'running', most: 0 },
        used: 0,
        held: 0,
        now: 0,
        nextAt: null,
      },
    } as const
    const ledger = withRecovery({
      run: async () => refused,
      recover: async () => {
        looks += 1
        most = Math.max(most, (atOnce += 1))
        await new Promise((resolve) => setImmediate(resolve))
        atOnce -= 1
        return 0
      },
    })
    const ask = { id: 'a', limits: [], bounds: {}, known: {}, leaseMilliseconds: 1 }
    const first = Array.from({ length: 100 }, () => ledger.hold(ask))
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([...first, ...Array.from({ length: 100 }, () => ledger.hold(ask))])
    expect(most).toBe(1)
    expect(looks).toBeGreaterThanOrEqual(2)
    expect(looks).toBeLessThanOrEqual(4)
  })
})
