import { randomUUID } from 'node:crypto'
import type { Principal } from '../../core/principal.ts'
import type { QuotaLedger, QuotaStanding } from '../../core/quotas.ts'
import type { LimitsFor } from './limits.ts'

/** How each limit of somebody stands. */
export type StandingsOf = (principal: Principal) => Promise<readonly QuotaStanding[]>

/** Nobody asks again for so long: a process that ends in between leaves nothing that counts. */
const leaseMilliseconds = 1_000

/** Asks the ledger for nothing of each limit, which it never refuses, and gives it back: what counts stays as it is. */
export function createStandingsOf(limitsFor: LimitsFor, ledger: Pick<QuotaLedger, 'hold' | 'settle'>): StandingsOf {
  return async (principal) => {
    const ask = { id: randomUUID(), limits: limitsFor(principal), bounds: {}, known: {}, leaseMilliseconds }
    const answer = await ledger.hold(ask)
    if (answer.kind !== 'held') throw new Error('the ledger refused what asked for nothing')
    await ledger.settle(answer.lease, {})
    return answer.standings
  }
}
