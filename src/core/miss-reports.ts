import type { WrappedRow, WrappedRows } from './wrapped-rows.ts'

/** A value that a model was sent as it is, or a harmless text that was hidden from it. */
export const reportFaults = ['missed', 'harmless'] as const

export type ReportFault = (typeof reportFaults)[number]

/** What can be known of a report without opening it. */
export interface ReportFacts {
  /** `prp_…` */
  readonly id: string
  /** Whose call it was. */
  readonly principal: string
  /** `prc_…`: the receipt of the call. */
  readonly receipt: string
  readonly fault: ReportFault
  /** ISO 8601. */
  readonly made: string
}

/** Who reports, for the audit trail. */
export interface ReportNotice extends Omit<ReportFacts, 'made'> {
  readonly requestId: string
  readonly group: string
}

/** A report as it is stored. */
export interface SealedReport extends ReportFacts, WrappedRow {
  /** What its maker wrote: only the data key opens it. */
  readonly sealed: string
}

/** Reports of what the detectors did wrong, until an operator closes them or their days are over. */
export interface MissReports extends WrappedRows {
  /**
   * Resolves when the report is kept for good. Null, and nothing is kept, where its principal has `most` of them already:
   * whoever may make calls must not be able to fill the storage.
   */
  keep(report: Omit<SealedReport, 'made'>, most: number): Promise<SealedReport | null>
  /** The oldest, so many at most, and how many there are. */
  list(most: number): Promise<{ readonly reports: readonly ReportFacts[]; readonly total: number }>
  /** Null for one that is not there. */
  find(id: string): Promise<SealedReport | null>
  /** Takes a report away, its key and all that it has, for good; false where there is none. */
  forget(id: string): Promise<boolean>
}
