import type { QuotaLedger } from '../../core/quotas.ts'
import { QuotaBook, type AccountState, type LeaseState, type QuotaOrder, accountEnd } from './quota-book.ts'
import { withRecovery } from './with-recovery.ts'

interface MemoryOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Quotas of one process, which end with it. Each order is one synchronous step. */
export function createMemoryQuotas({ now }: MemoryOptions): QuotaLedger {
  const accounts = new Map<string, AccountState>()
  const leases = new Map<string, LeaseState>()
  const within = <T>(work: (book: QuotaBook) => T): T => {
    const book = new QuotaBook({ account: (id) => accounts.get(id), lease: (id) => leases.get(id) }, now())
    const result = work(book)
    for (const [id, state] of book.accounts) {
      if (accountEnd(state) > state.time) accounts.set(id, state)
      else accounts.delete(id)
    }
    for (const [id, state] of book.leases) {
      if (state === null) leases.delete(id)
      else leases.set(id, state)
    }
    return result
  }
  const run = async (order: QuotaOrder) => within((book) => book.run(order))
  return withRecovery({
    run,
    recover: async () => within((book) => [...leases.keys()].filter((id) => book.recover(id)).length),
  })
}
