import type { BackupReport } from '../storage/backup/write-backup.ts'
import type { RestoreReport } from '../storage/backup/restore-backup.ts'
import type { StorageCheck } from '../storage/check-storage.ts'
import type { AuditReport } from './audit-keeper.ts'

/** What an operator can do with the storage, and with what belongs to it on this machine. */
export interface StorageKeeper {
  /** Looks at everything and changes nothing. */
  check(): Promise<StorageReport>
  /** Makes a file of a storage as it is at one moment. Rejects with `invalid-file` where it may not be written. */
  backup(path: string, options: { readonly overwrite: boolean }): Promise<BackupReport>
  /**
   * Puts a backup back, and holds what may be of another time until it is accepted. Rejects with `invalid-file` for what is no
   * whole backup of this program or an earlier one.
   */
  restore(path: string): Promise<RestoredReport>
  /** Puts held keys in force; null for all that are held. Gives their ids. Rejects with `not-found` for one that is not held. */
  acceptKeys(ids: readonly string[] | null): Promise<readonly string[]>
  /** Has the day's tokens of keys counted again; null for all. Gives their ids. Rejects with `not-found`. */
  acceptQuota(ids: readonly string[] | null): Promise<readonly string[]>
  /** Takes the ledger of this machine for whole. Rejects with `refused` where it is not the last one. */
  acceptLedger(): Promise<{ readonly answers: number }>
}

/** How far a ledger has come, or why nothing is answered from it. */
export type LedgerReport =
  | { readonly kind: 'none' }
  | { readonly kind: 'whole'; readonly answers: number }
  | { readonly kind: 'refused'; readonly reason: string }

export interface StorageReport extends StorageCheck {
  readonly ledger: LedgerReport
  /** Null where there is none. */
  readonly audit: AuditReport | null
}

export interface RestoredReport extends RestoreReport {
  /** A sentence for each thing beside the storage that is not of the backup's time, or of another machine. */
  readonly notes: readonly string[]
}
