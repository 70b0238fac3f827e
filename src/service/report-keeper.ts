import type { ReportFacts } from '../core/miss-reports.ts'
import type { OpenedReport } from '../gateway/privacy/vault/report-vault.ts'

/** What an operator can do with the reports of what was missed or wrongly hidden. */
export interface ReportKeeper {
  /** The oldest, a thousand at most, and how many there are. No key is needed: nothing is opened. */
  list(): Promise<{ readonly reports: readonly ReportFacts[]; readonly total: number }>
  /**
   * Opens one with the key of the service. That somebody did, and whether they see the texts, is on the audit trail before.
   * Rejects with `not-found` for one that is not there, `invalid-config` where the key is not.
   */
  show(id: string, options: { readonly values: boolean }): Promise<OpenedReport>
  /** Takes reports away with their keys, for good. Rejects with `not-found`, and takes none, where one is not there. */
  close(ids: readonly string[]): Promise<void>
}
