import { statSync } from 'node:fs'
import type { Transaction } from 'kysely'
import { invalidFile } from '../../files/regular-file.ts'
import { StoredCopy } from '../embedded/stored-copy.ts'
import { countKeys, type KeyCounts } from '../key-counts.ts'
import type { OpenedStorage } from '../open-storage.ts'
import { refuseOpenApprovals } from '../repositories/approvals.ts'
import { factsOf, takeNewId } from '../other-time.ts'
import { readStorageMark } from '../storage-mark.ts'
import type { Tables } from '../tables.ts'
import { mergeKeys } from './merge-keys.ts'
import { restoreHistory, type RestoredHistory } from './restore-history.ts'
import { restoreTuning, type RestoredTuning } from './restore-tuning.ts'
import type { BackupFacts, StoredKeyRow } from './stored-rows.ts'

export interface RestoreReport extends RestoredHistory, RestoredTuning {
  readonly path: string
  readonly place: string
  /** Null for a copy that was made by other means than the command for it. */
  readonly backup: BackupFacts | null
  readonly keys: KeyCounts
  /** Ids of upstreams that the storage did not have. */
  readonly addedIds: number
}

const pieceLength = 500
const dayMilliseconds = 86_400_000

/**
 * Puts what a backup has into a storage, in one transaction: all of it or nothing, while services go on with the storage. What
 * the storage knows better stays (see `mergeKeys`); an id is its first maker's, which is whom the storage has. Afterwards the
 * storage has another id, by which every machine notices that it was restored.
 */
export async function restoreBackup(storage: OpenedStorage, path: string): Promise<RestoreReport> {
  refuseItself(storage, path)
  using copy = await StoredCopy.open(path)
  const keys = copy.keys()
  refuseTwins(path, keys)
  const { db, health, changes, markPath } = storage.database
  const forgotten = await storage.forgotten.all()
  const report = await health.writes(() =>
    db.transaction().execute(async (transaction) => {
      // The row lets one change of keys at a time through, and one restore.
      await transaction
        .updateTable('storage_facts')
        .set((set) => ({ keys_revision: set('keys_revision', '+', 1) }))
        .execute()
      const facts = await factsOf(transaction)
      const now = storage.now()
      const merged = await putKeys(transaction, { path, keys, now })
      const addedIds = await putOwnedIds(transaction, copy)
      await putTakenOverFiles(transaction, copy)
      const time = new Date(now).toISOString()
      const history = await restoreHistory(transaction, { copy, forgotten, time })
      const tuning = await restoreTuning(transaction, { copy, time })
      await refuseOpenApprovals(transaction)
      await takeNewId(transaction, { facts, mark: readStorageMark(markPath) })
      const counts = { keys: countKeys(merged, now), addedIds, ...history, ...tuning }
      return { path, place: storage.place, backup: copy.backup, ...counts }
    }),
  )
  changes?.change()
  return report
}

async function putKeys(
  transaction: Transaction<Tables>,
  { path, keys: backup, now }: { readonly path: string; readonly keys: readonly StoredKeyRow[]; readonly now: number },
): Promise<readonly StoredKeyRow[]> {
  const present = await transaction.selectFrom('api_keys').selectAll().execute()
  const merged = mergeKeys({ present, backup, day: Math.floor(now / dayMilliseconds) })
  refuseTwins(path, merged)
  await transaction.deleteFrom('api_keys').execute()
  for (let at = 0; at < merged.length; at += pieceLength) {
    await transaction
      .insertInto('api_keys')
      .values(merged.slice(at, at + pieceLength))
      .execute()
  }
  return merged
}

async function putOwnedIds(transaction: Transaction<Tables>, copy: StoredCopy): Promise<number> {
  let added = 0
  for (const piece of copy.ownedIds(pieceLength)) {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('owned_ids')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    added += Number(numInsertedOrUpdatedRows ?? 0n)
  }
  return added
}

async function putTakenOverFiles(transaction: Transaction<Tables>, copy: StoredCopy): Promise<void> {
  for (const file of copy.takenOverFiles()) {
    await transaction
      .insertInto('taken_over_files')
      .values(file)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

function refuseItself({ database: { kind, place } }: OpenedStorage, path: string): void {
  if (kind !== 'embedded') return
  const [one, other] = [statSync(path, { throwIfNoEntry: false }), statSync(place)]
  if (one?.dev === other.dev && one.ino === other.ino) throw invalidFile(path, 'it is the storage itself')
}

/** Two keys of one id or one digest are of no storage. */
function refuseTwins(path: string, keys: readonly StoredKeyRow[]): void {
  for (const part of ['id', 'sha256'] as const) {
    if (new Set(keys.map((key) => key[part])).size < keys.length) {
      throw invalidFile(path, `it is not of this storage: two keys have the same ${part}`)
    }
  }
}
