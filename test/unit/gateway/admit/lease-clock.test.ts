import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { QuotaLedger } from '../../../../src/core/quotas.ts'
import { createLimitsFor } from '../../../../src/gateway/admit/limits.ts'
import { createQuota, leaseMilliseconds } from '../../../../src/gateway/admit/quota.ts'
import { gatewayOptions } from '../../../../src/gateway/options.ts'
import { createMemoryQuotas } from '../../../../src/storage/quotas/memory-quotas.ts'

const ann = { id: 'ann', kind: 'api-key', group: 'default' } as const

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A quota over a ledger that tells what it is asked, and fails where it is told to. */
function quotaOver(down: { settle?: boolean; renew?: boolean } = {}) {
  const { groups } = gatewayOptions.parse({ groups: { default: {} } })
  const memory = createMemoryQuotas({ now: Date.now })
  const calls: unknown[] = []
  const ledger: QuotaLedger = {
    ...memory,
    renew: async (leases) => {
      calls.push(['renew', leases.map(({ known, leaseMilliseconds: lease }) => [known.tokens, lease])])
      if (down.renew === true) throw new Error('no renewal')
      return memory.renew(leases)
    },
    recover: async () => (calls.push('recover'), 4),
    settle: async (lease, uses) => {
      calls.push(['settle', uses.tokens])
      if (down.settle === true) throw new Error('no settlement')
      return memory.settle(lease, uses)
    },
  }
  const told: unknown[] = []
  const quota = createQuota({
    limitsFor: createLimitsFor(groups),
    ledgerFor: () => ledger,
    onFault: (error) => told.push((error as Error).message),
    watch: {
      onRefused: () => undefined,
      onSettled: (group, uses) => told.push(['settled', group, uses.tokens]),
      onUnsettled: (count) => told.push(['unsettled', count]),
      onRecovered: (count) => told.push(['recovered', count]),
    },
  })
  const third = async () => {
    await vi.advanceTimersByTimeAsync(leaseMilliseconds / 3)
    return calls.splice(0)
  }
  return { quota, third, told, calls, down }
}

describe('what requests hold that run', () => {
  it('is renewed in each third of its lease, with what they have used so far, and settled when they end', async () => {
    const { quota, third, told, calls } = quotaOver()
    const [one, other] = [await quota.reserve(ann, { tokens: 10 }), await quota.reserve(ann, { tokens: 20 })]
    one.use({ tokens: 3 })
    expect(await third()).toEqual([
      [
        'renew',
        [
          [3, leaseMilliseconds],
          [undefined, leaseMilliseconds],
        ],
      ],
      'recover',
    ])
    await other[Symbol.asyncDispose]()
    expect(calls.splice(0)).toEqual([['settle', undefined]])
    expect(await third()).toEqual([['renew', [[3, leaseMilliseconds]]], 'recover'])
    await one[Symbol.asyncDispose]()
    expect(calls.splice(0)).toEqual([['settle', 3]])
    expect(await third()).toEqual([])
    expect(told).toEqual([
      ['recovered', 4],
      ['settled', 'default', undefined],
      ['unsettled', 0],
      ['recovered', 4],
      ['settled', 'default', 3],
      ['unsettled', 0],
    ])
  })

  it('is settled again in each third, until it is, while others run on', async () => {
    const { quota, third, told, down, calls } = quotaOver({ settle: true })
    const [one] = [await quota.reserve(ann, { tokens: 10 }), await quota.reserve(ann, { tokens: 20 })]
    one.use({ tokens: 3 })
    await one[Symbol.asyncDispose]()
    expect(calls.splice(0)).toEqual([['settle', 3]])
    expect(await third()).toEqual([['renew', [[undefined, leaseMilliseconds]]], 'recover', ['settle', 3]])
    down.settle = false
    expect(await third()).toEqual([['renew', [[undefined, leaseMilliseconds]]], 'recover', ['settle', 3]])
    expect(await third()).toEqual([['renew', [[undefined, leaseMilliseconds]]], 'recover'])
    expect(told.filter((each) => !String(each).startsWith('recovered'))).toEqual([
      'no settlement',
      ['unsettled', 1],
      'no settlement',
      ['unsettled', 1],
      ['settled', 'default', 3],
      ['unsettled', 0],
    ])
  })

  it('is tried again where it could not be renewed, and what has ended is settled all the same', async () => {
    const { quota, third, told } = quotaOver({ renew: true, settle: true })
    const [one] = [await quota.reserve(ann, { tokens: 10 }), await quota.reserve(ann, { tokens: 20 })]
    await one[Symbol.asyncDispose]()
    expect((await third()).map(String)).toEqual([`settle,`, `renew,,${leaseMilliseconds}`, 'settle,'])
    expect(told).toContain('no renewal')
    expect(await third()).toHaveLength(2)
  })

  it('is settled as it stands when the service ends, and the clock with it', async () => {
    const { quota, third, calls } = quotaOver()
    const one = await quota.reserve(ann, { tokens: 10 })
    one.use({ tokens: 3 })
    await quota[Symbol.asyncDispose]()
    expect(calls.splice(0)).toEqual([['settle', 3]])
    expect(await third()).toEqual([])
  })
})
