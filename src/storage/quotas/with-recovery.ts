import type { QuotaHeld, QuotaLedger, QuotaRefused } from '../../core/quotas.ts'
import type { QuotaOrder } from './quota-book.ts'

/** What a store does for a ledger. */
export interface QuotaStore {
  /** Carries one order out; orders that come at the same time may be carried out together. */
  readonly run: (order: QuotaOrder) => Promise<QuotaHeld | QuotaRefused | null>
  readonly recover: () => Promise<number>
}

/**
 * A ledger over a store. What nobody renewed refuses no one: before a request is refused, leases that have expired are
 * settled, and where there were any it is asked again.
 */
export function withRecovery({ run, recover }: QuotaStore): QuotaLedger {
  const recovery = oneForAll(recover)
  return {
    async hold(ask) {
      const first = await run({ kind: 'hold', ask })
      const answer = first?.kind === 'refused' && (await recovery()) > 0 ? await run({ kind: 'hold', ask }) : first
      if (answer === null) throw new Error('the store did not answer an order to hold')
      return answer
    },
    async settle(lease, uses) {
      await run({ kind: 'settle', lease, uses })
    },
    async renew(running) {
      await Promise.all(running.map((renewal) => run({ kind: 'renew', renewal })))
    },
    recover: recovery,
  }
}

/**
 * Work that all who ask for it share: however many do, one is under way and one is next, which begins after they have asked.
 * A limit that is used up refuses many at once, and each of them alone would take a connection of the store.
 */
function oneForAll(work: () => Promise<number>): () => Promise<number> {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<number> | null = null
  return () => {
    next ??= running.then(() => {
      const begun = work()
      running = begun.catch(() => undefined)
      next = null
      return begun
    })
    return next
  }
}
