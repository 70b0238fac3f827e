import type { Principal } from '../core/principal.ts'
import type { QuotaLedger } from '../core/quotas.ts'
import { createMemoryQuotas } from '../storage/quotas/memory-quotas.ts'

/**
 * Whose quotas are where: those of keys in the storage, for all processes of a service. The person at the command line has
 * those of one process, so that a storage which cannot be used locks nobody out of their own machine.
 */
export function createLedgerFor(stored: () => Promise<QuotaLedger>): (principal: Principal) => QuotaLedger {
  const own = createMemoryQuotas({ now: Date.now })
  const ofStorage: QuotaLedger = {
    hold: async (ask) => (await stored()).hold(ask),
    settle: async (lease, uses) => (await stored()).settle(lease, uses),
    renew: async (running) => (await stored()).renew(running),
    recover: async () => (await stored()).recover(),
  }
  return ({ kind }) => (kind === 'operator' ? own : ofStorage)
}
