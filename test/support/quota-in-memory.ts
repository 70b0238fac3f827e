import type { Principal } from '../../src/core/principal.ts'
import { createLimitsFor } from '../../src/gateway/admit/limits.ts'
import { createQuota, type Quota } from '../../src/gateway/admit/quota.ts'
import { gatewayOptions, type GroupOptions } from '../../src/gateway/options.ts'
import { createMemoryQuotas } from '../../src/storage/quotas/memory-quotas.ts'

interface QuotaSettings {
  readonly concurrentRequests: number
  readonly tokensPerDay: number
  /** Of the group `default`, beyond both. */
  readonly limits?: readonly object[]
  readonly now?: () => number
  readonly elapsed?: () => number
}

/** The quota of callers of the groups `default`, `operator` and `other`, in this process. */
export function quotaInMemory({ concurrentRequests, tokensPerDay, limits = [], ...clocks }: QuotaSettings): Quota {
  const parsed = gatewayOptions.parse({ groups: { default: { limits } } }).groups['default'] as GroupOptions
  const group = { ...parsed, concurrent_requests: concurrentRequests, tokens_per_day: tokensPerDay }
  const ledger = createMemoryQuotas({ now: clocks.now ?? Date.now })
  return createQuota({
    limitsFor: createLimitsFor({ default: group, operator: group, other: group }),
    ledgerFor: () => ledger,
    ...clocks,
  })
}

/** What a reservation can still hold, found by halving: a quota answers no questions. */
export async function tokensLeft(quota: Quota, principal: Principal, most: number): Promise<number> {
  let [fits, tooMany] = [0, most + 1]
  while (tooMany - fits > 1) {
    const tokens = Math.floor((fits + tooMany) / 2)
    try {
      await (await quota.reserve(principal, { tokens }))[Symbol.asyncDispose]()
      fits = tokens
    } catch {
      tooMany = tokens
    }
  }
  return fits
}
