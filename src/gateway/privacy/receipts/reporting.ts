import { randomBytes } from 'node:crypto'
import { ServiceError } from '../../../core/errors.ts'
import { limitReached } from '../../../core/limit-reached.ts'
import type { ReportFacts, ReportFault, ReportNotice } from '../../../core/miss-reports.ts'
import type { Principal } from '../../../core/principal.ts'
import { Throttle } from '../../admit/throttle.ts'
import type { PrivacyReceipts } from './receipts.ts'
import { mostOfOneKey, type ReportedText, type ReportVault } from '../vault/report-vault.ts'

/** A report as it comes in. */
export interface GivenReport {
  readonly receipt: string
  readonly fault: ReportFault
  readonly text: ReportedText
}

export interface Reporting {
  /**
   * Keeps a report of a call of the principal's own. Rejects with `not-found` for a receipt of anybody else, as for one that never
   * was; `rate-limited` for too many; `quota-exceeded` where too many wait for the operator.
   */
  report(principal: Principal, given: GivenReport, requestId: string): Promise<ReportFacts>
}

export interface ReportingParts {
  readonly receipts: Pick<PrivacyReceipts, 'of'>
  readonly vault: Pick<ReportVault, 'keep'>
  /** Resolves when the notice is on the audit trail. */
  readonly onReport: (notice: ReportNotice) => Promise<void>
  readonly throttle?: Throttle
}

export function createReporting({
  receipts,
  vault,
  onReport,
  throttle = new Throttle({ what: 'reports', burst: 20, everyMilliseconds: 3_000 }),
}: ReportingParts): Reporting {
  return {
    async report({ id: principal, group }, { receipt, fault, text }, requestId) {
      // What is not found counts, too: nobody tries ids without end.
      throttle.take(principal)
      if (receipts.of(principal, receipt) === null) {
        throw new ServiceError('not-found', 'There is no such receipt of yours.', {
          parameter: 'receipt',
          advice: 'Use the id of the header x-sallyport-privacy-receipt; a receipt goes with the process that made it.',
        })
      }
      const facts = { id: `prp_${randomBytes(16).toString('hex')}`, principal, receipt, fault }
      await onReport({ ...facts, requestId, group })
      const kept = await vault.keep(facts, text)
      if (kept !== null) return kept
      throw limitReached(`${mostOfOneKey} reports of this key wait for the operator.`, {
        seconds: null,
        advice: 'Ask the operator to go through them.',
      })
    },
  }
}
