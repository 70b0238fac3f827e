import { randomUUID } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { link, open, realpath, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Kysely, sql, type Transaction } from 'kysely'
import { ServiceError } from '../../core/errors.ts'
import { takeFileLock } from '../../files/file-lock.ts'
import { invalidFile } from '../../files/regular-file.ts'
import { openEmbeddedDatabase } from '../embedded/embedded-database.ts'
import { finishFile } from '../embedded/finish-file.ts'
import { StoredCopy, type StoredCounts } from '../embedded/stored-copy.ts'
import { migrate } from '../migrate.ts'
import type { OpenedStorage } from '../open-storage.ts'
import { factsOf } from '../other-time.ts'
import { StorageFailure } from '../storage-failure.ts'
import type { Tables } from '../tables.ts'
import { copyHistory } from './copy-history.ts'
import { copyTuning } from './copy-tuning.ts'
import type { BackupFacts } from './stored-rows.ts'

export interface BackupRequest {
  readonly path: string
  /** Is a backup that is there replaced? Another file never is. */
  readonly overwrite: boolean
  /** How far what is beside the storage on this machine has come. */
  readonly beside: Pick<BackupFacts, 'ledger' | 'audit'>
}

export interface BackupReport extends StoredCounts, BackupFacts {
  readonly path: string
  readonly id: string
  readonly revision: number
  /** Names of the migrations that made its tables. */
  readonly migrations: readonly string[]
}

const pieceLength = 500

/** What SQLite puts beside a file while it is written. */
const draftEndings = ['', '-wal', '-shm', '-journal']

/** How long another backup under the same name is waited for, in milliseconds. */
const patience = 10_000

/**
 * Copies a storage, as it is at one moment, into a file of the embedded kind, whatever the kind of the storage is; services
 * go on writing. The file is for its owner only, on the disk and read once more before it has its name. One is made at a time under a name; what was left
 * of one whose process was killed is removed.
 */
export async function writeBackup(storage: OpenedStorage, request: BackupRequest): Promise<BackupReport> {
  const { path, overwrite } = request
  await refuseTaken(path, overwrite)
  const lock = await takeFileLock(await realPlace(path), patience)
  const draft = `${path}.${randomUUID()}`
  try {
    removeDrafts(path)
    const counts = await writeDraft(storage, { draft, beside: request.beside })
    const report = await reportOf(draft, path)
    if (Object.entries(counts).some(([name, count]) => report[name as keyof StoredCounts] !== count)) {
      throw new Error(`the backup has ${JSON.stringify(report)} of ${JSON.stringify(counts)}`)
    }
    await giveName(draft, request)
    return report
  } catch (thrown) {
    throw faultOf(path, thrown)
  } finally {
    for (const ending of draftEndings) rmSync(`${draft}${ending}`, { force: true })
    await lock.release()
  }
}

/** By which name all who make this backup lock it. */
async function realPlace(path: string): Promise<string> {
  return join(await realpath(dirname(path)), basename(path))
}

/** What commands have left that were killed: under the lock nobody else is writing one. */
function removeDrafts(path: string): void {
  const folder = dirname(path)
  const begin = `${basename(path)}.`
  const ends = new RegExp(`^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:${draftEndings.join('|')})$`)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const isDraft = entry.isFile() && entry.name.startsWith(begin) && ends.test(entry.name.slice(begin.length))
    if (isDraft) rmSync(join(folder, entry.name), { force: true })
  }
}

/** What a backup says of itself, and what it has. */
async function reportOf(draft: string, path: string): Promise<BackupReport> {
  using copy = await StoredCopy.open(draft)
  if (copy.backup === null) throw new Error('the backup does not say what it is')
  const { id, keys_revision: revision } = copy.facts
  // Every row is looked at as a restore would.
  copy.keys()
  for (const _ of copy.ownedIds(pieceLength));
  copy.lookThrough()
  return { path, id, revision, migrations: copy.migrations, ...copy.counts(), ...copy.backup }
}

async function refuseTaken(path: string, overwrite: boolean): Promise<void> {
  if (!existsSync(dirname(path))) throw invalidFile(path, 'its folder does not exist')
  const facts = lstatSync(path, { throwIfNoEntry: false })
  if (facts === undefined) return
  if (!overwrite) {
    throw invalidFile(path, 'it is there', { advice: 'Name another file, or replace the backup with --overwrite.' })
  }
  // Nothing but a backup is replaced: not the storage itself, nor what stands beside it.
  if (!facts.isFile()) throw invalidFile(path, 'it is not a regular file, and is not replaced')
  using copy = await StoredCopy.open(path)
  if (copy.backup === null) throw invalidFile(path, 'it is a storage and no backup, and is not replaced')
}

async function writeDraft(
  storage: OpenedStorage,
  { draft, beside }: { readonly draft: string } & Pick<BackupRequest, 'beside'>,
): Promise<StoredCounts> {
  const { kind, health, place, db } = storage.database
  const told: BackupFacts = { made: new Date(storage.now()).toISOString(), kind, place, ...beside }
  const { db: target } = openEmbeddedDatabase({ path: draft, timeoutMilliseconds: 600_000, use: 'command' })
  try {
    await migrate({ db: target, schema: null, place: draft })
    return await target.transaction().execute((into) =>
      health.reads(() =>
        db
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute((from) => copyAll(from, into, JSON.stringify(told))),
      ),
    )
  } finally {
    await target.destroy()
    finishFile(draft)
  }
}

async function copyAll(from: Transaction<Tables>, into: Transaction<Tables>, backup: string): Promise<StoredCounts> {
  const facts = await factsOf(from)
  await into
    .updateTable('storage_facts')
    .set({ ...facts, backup })
    .execute()
  for (const table of ['api_keys', 'taken_over_files'] as const) {
    const rows = await from.selectFrom(table).selectAll().execute()
    for (const row of rows) await into.insertInto(table).values(row).execute()
  }
  const { n: keys } = await from
    .selectFrom('api_keys')
    .select((row) => row.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  return {
    keys: Number(keys),
    ownedIds: await copyOwnedIds(from, into),
    ...(await copyHistory(from, into)),
    ...(await copyTuning(from, into)),
  }
}

async function copyOwnedIds(from: Kysely<Tables>, into: Kysely<Tables>): Promise<number> {
  let copied = 0
  let last = { upstream: '', id: '' }
  for (;;) {
    const rows = await from
      .selectFrom('owned_ids')
      .selectAll()
      .where(sql<boolean>`(upstream, id) > (${last.upstream}, ${last.id})`)
      .orderBy('upstream')
      .orderBy('id')
      .limit(pieceLength)
      .execute()
    const end = rows.at(-1)
    if (end === undefined) return copied
    await into.insertInto('owned_ids').values(rows).execute()
    copied += rows.length
    last = end
  }
}

async function giveName(draft: string, { path, overwrite }: BackupRequest): Promise<void> {
  const file = await open(draft, 'r+')
  await file.sync()
  await file.close()
  if (overwrite) await rename(draft, path)
  else {
    // Unlike a renaming, it fails where another has taken the name in between.
    await link(draft, path)
    await unlink(draft)
  }
  const folder = await open(dirname(path), 'r')
  await folder.sync()
  await folder.close()
}

const advice: Partial<Record<StorageFailure['state'], string>> = {
  'disk-full': 'Make room on the disk of the backup, or name a file on another one.',
  'read-only': 'Name a file in a folder that can be written.',
}

function faultOf(path: string, thrown: unknown): unknown {
  if (thrown instanceof ServiceError) return thrown
  const { code, message } = thrown as NodeJS.ErrnoException
  if (code === 'EEXIST') return invalidFile(path, 'it is there', { cause: thrown })
  const state = thrown instanceof StorageFailure ? thrown.state : code === 'ENOSPC' ? 'disk-full' : 'unreachable'
  return new ServiceError('storage-unavailable', `The backup ${path} could not be written: ${message}`, {
    cause: thrown,
    advice: advice[state] ?? 'See that the folder of the backup can be written.',
  })
}
