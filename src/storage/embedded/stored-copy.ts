import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { z } from 'zod'
import { invalidFile, openRegularFile } from '../../files/regular-file.ts'
import {
  backupFacts,
  storedFacts,
  storedFile,
  storedKey,
  storedOwnedId,
  type BackupFacts,
} from '../backup/stored-rows.ts'
import { storedHistory } from '../backup/stored-history.ts'
import { storedLabel, storedProposal, storedRollout, storedSet, storedThreshold } from '../backup/stored-tuning.ts'
import { migrations } from '../migrations.ts'
import { applicationId } from './sqlite-file.ts'
import { tablesLeftOut } from './tables-left-out.ts'

const tables = {
  storage_facts: storedFacts,
  api_keys: storedKey,
  owned_ids: storedOwnedId,
  taken_over_files: storedFile,
} as const

/** Tables that backups of earlier versions have not. */
const laterTables = {
  ...storedHistory,
  labels: storedLabel,
  evaluation_sets: storedSet,
  tuning_proposals: storedProposal,
  tuning_rollouts: storedRollout,
  tuning_thresholds: storedThreshold,
} as const

const allTables = { ...tables, ...laterTables } as const

type TableName = keyof typeof allTables

const unbounded = { bytes: Number.MAX_SAFE_INTEGER, setting: null }
const headerBytes = 100
/** Where an SQLite file says whose it is (sqlite.org/fileformat.html). */
const applicationIdAt = 68

export interface StoredCounts {
  readonly keys: number
  readonly ownedIds: number
  readonly conversations: number
  readonly files: number
  readonly labels: number
  readonly rollouts: number
}

/**
 * A file of the embedded kind that somebody gives as a backup, opened to be read. Whoever made it may have meant ill: it
 * holds tables of ours and nothing that could run, such as a view or a trigger, and each row is looked at. What stands beside
 * the file, such as a log of writes, is not read.
 */
export class StoredCopy implements Disposable {
  readonly #path: string
  readonly #database: DatabaseSync
  readonly migrations: readonly string[]
  /** As they stand in the storage that the file is a copy of. */
  readonly facts: z.infer<typeof storedFacts>
  /** Null for a copy that was made by other means than the command for it. */
  readonly backup: BackupFacts | null

  /** Rejects with `invalid-file` for what is no whole copy of a storage, or one of a newer program. */
  static async open(path: string): Promise<StoredCopy> {
    await refuseOther(path)
    const address = pathToFileURL(path)
    address.searchParams.set('immutable', '1')
    let database: DatabaseSync | null = null
    try {
      database = new DatabaseSync(address, { readOnly: true })
      return new StoredCopy(path, database)
    } catch (thrown) {
      database?.close()
      throw faultOf(path, thrown)
    }
  }

  private constructor(path: string, database: DatabaseSync) {
    this.#path = path
    this.#database = database
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA ignore_check_constraints = ON')
    refuseStrange(path, database)
    const verdict = database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']
    if (verdict !== 'ok') throw invalidFile(path, `it is damaged: ${String(verdict)}`)
    const rows = database.prepare('SELECT name FROM storage_migrations ORDER BY name').all()
    this.migrations = rows.map(({ name }) => String(name))
    const newer = this.migrations.filter((name) => !Object.hasOwn(migrations, name))
    if (newer.length > 0) {
      throw invalidFile(path, `it is newer than this program: it has ${newer.join(', ')}`, {
        advice: 'Restore it with the version that wrote it, or a later one.',
      })
    }
    const [facts, ...more] = this.#all('storage_facts')
    if (facts === undefined || more.length > 0) throw invalidFile(path, 'it is damaged: it does not say which it is')
    this.facts = facts
    this.backup = facts.backup === null ? null : backupFacts.parse(JSON.parse(facts.backup))
  }

  keys() {
    return this.#all('api_keys')
  }

  takenOverFiles() {
    return this.#all('taken_over_files')
  }

  /** In pieces, so that any number of them takes no more memory than a few. */
  *ownedIds(pieceLength: number): Generator<readonly z.infer<typeof storedOwnedId>[]> {
    let piece: z.infer<typeof storedOwnedId>[] = []
    for (const row of this.#rows('owned_ids')) {
      piece.push(row)
      if (piece.length < pieceLength) continue
      yield piece
      piece = []
    }
    if (piece.length > 0) yield piece
  }

  counts(): StoredCounts {
    const count = (table: TableName): number =>
      this.#has(table) ? Number(this.#database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']) : 0
    return {
      keys: count('api_keys'),
      ownedIds: count('owned_ids'),
      conversations: count('conversations'),
      files: count('stored_files'),
      labels: count('labels'),
      rollouts: count('tuning_rollouts'),
    }
  }

  /** Rows one after the other, none of a table that the backup is too old for. */
  rows<Name extends keyof typeof laterTables>(table: Name): Iterable<z.infer<(typeof laterTables)[Name]>> {
    return this.#has(table) ? this.#rows(table) : []
  }

  /** Looks at every row of what may be large, as a restore would. */
  lookThrough(): void {
    for (const table of Object.keys(laterTables) as (keyof typeof laterTables)[]) for (const _ of this.rows(table));
  }

  #has(table: TableName): boolean {
    return (
      this.#database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined
    )
  }

  #all<Name extends TableName>(table: Name): z.infer<(typeof allTables)[Name]>[] {
    return [...this.#rows(table)]
  }

  *#rows<Name extends TableName>(table: Name): Generator<z.infer<(typeof allTables)[Name]>> {
    try {
      for (const row of this.#database.prepare(`SELECT * FROM ${table}`).iterate()) {
        yield allTables[table].parse({ ...row }) as z.infer<(typeof allTables)[Name]>
      }
    } catch (thrown) {
      throw faultOf(this.#path, thrown)
    }
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }
}

async function refuseOther(path: string): Promise<void> {
  const { handle, bytes } = await openRegularFile(path, unbounded)
  try {
    const { buffer } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0)
    const isSqlite = bytes >= headerBytes && buffer.toString('latin1', 0, 16) === 'SQLite format 3\0'
    if (!isSqlite || buffer.readUInt32BE(applicationIdAt) !== applicationId) {
      throw invalidFile(path, 'it is no backup of a storage', { advice: '"sallyport storage backup PATH" makes one.' })
    }
  } finally {
    await handle.close()
  }
}

/** A view could count for ever, a generated column compute; a table of another form would be read as ours. */
function refuseStrange(path: string, database: DatabaseSync): void {
  const found = database.prepare('SELECT type, name, sql FROM sqlite_schema').all()
  for (const { type, name, sql } of found) {
    const isOurs = Object.hasOwn(allTables, String(name)) || tablesLeftOut.has(String(name))
    const isOfTable = type === 'index' && sql === null
    const isPlain = type === 'index' || (type === 'table' && !/^\s*create\s+virtual/i.test(String(sql)))
    if (!isOfTable && (!isOurs || !isPlain)) throw strange(path, `${String(type)} ${String(name)}`)
  }
  for (const name of [...Object.keys(allTables), 'storage_migrations']) {
    const columns = database.prepare(`PRAGMA table_xinfo(${name})`).all()
    if (columns.length === 0 && Object.hasOwn(laterTables, name)) continue
    if (columns.length === 0) throw invalidFile(path, `it is damaged: it has no table ${name}`)
    const computed = columns.find(({ hidden }) => hidden !== 0)
    if (computed !== undefined) throw strange(path, `column ${name}.${String(computed['name'])}`)
  }
  for (const { type, name, sql } of found) {
    if (type !== 'index' || sql === null) continue
    const indexed = database.prepare('SELECT cid FROM pragma_index_xinfo(?)').all(String(name))
    if (indexed.some(({ cid }) => Number(cid) === -2)) throw strange(path, `index ${String(name)}`)
  }
}

function strange(path: string, what: string) {
  return invalidFile(path, `it has what no backup of a storage has: ${what.slice(0, 200)}`)
}

/** What SQLite or the form of a row says of it. */
function faultOf(path: string, thrown: unknown): unknown {
  const { errcode, issues } = thrown as { readonly errcode?: unknown; readonly issues?: unknown }
  if (typeof errcode !== 'number' && !Array.isArray(issues) && !(thrown instanceof SyntaxError)) return thrown
  const [issue] = (issues ?? []) as readonly { readonly path: readonly unknown[]; readonly message: string }[]
  const reason = issue === undefined ? (thrown as Error).message : `${issue.path.join('.')}: ${issue.message}`
  return invalidFile(path, `it is damaged: ${reason}`, { cause: thrown })
}
