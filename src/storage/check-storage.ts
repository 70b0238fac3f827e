import { existsSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { storedKey } from './backup/stored-rows.ts'
import { countKeys, type KeyCounts } from './key-counts.ts'
import { migrationsOf, refuseNewer } from './migrate.ts'
import { migrations } from './migrations.ts'
import { openDatabase, type StorageDatabase } from './open-database.ts'
import type { StorageConfig } from './options.ts'
import { factsOf, whyOf, type OtherTime } from './other-time.ts'
import { readStorageMark } from './storage-mark.ts'
import type { HeldBecause, Tables } from './tables.ts'

/** A key that waits for an operator, or whose tokens of a day count as used. */
export interface WaitingKey {
  readonly id: string
  readonly name: string
  readonly group: string
  /** Null for a key in force. */
  readonly because: HeldBecause | null
}

export interface StorageCheck {
  readonly place: string
  readonly kind: 'embedded' | 'postgresql'
  /** Null where there is none: the first start makes it. */
  readonly found: FoundStorage | null
  /** A sentence for each thing that is not as it should be. */
  readonly problems: readonly string[]
}

export interface FoundStorage {
  readonly id: string
  readonly revision: number
  readonly migrations: readonly string[]
  /** Migrations that the next start runs. */
  readonly missing: readonly string[]
  readonly keys: KeyCounts
  readonly ownedIds: number
  readonly waiting: readonly WaitingKey[]
  /** Keys in force whose tokens of a day count as used. */
  readonly usedQuota: readonly WaitingKey[]
}

const otherTimes: Readonly<Record<OtherTime, string>> = {
  restored: 'It was restored since this machine used it; the next start notices it.',
  'older-copy': 'It is an older copy than this machine remembers: the next start holds all keys.',
  'other-storage': 'It is another storage than this machine remembers: the next start holds all keys.',
  backup: 'It is a backup that was put here by hand: the next start holds all keys.',
}

/** Looks at a storage and changes nothing. Rejects where it cannot be had, or is newer than this program. */
export async function checkStorage(config: StorageConfig, now = Date.now()): Promise<StorageCheck> {
  await using database = await openDatabase(config, 'look')
  const { kind, place } = database
  const found = kind === 'embedded' && !existsSync(place) ? null : await look(database, now)
  const mark = readStorageMark(database.markPath)
  if (found === null) {
    const problems =
      mark === null ? [] : ['It is gone: this machine remembers one, and the next start makes an empty one.']
    return { kind, place, found, problems }
  }
  const { facts, problems, ...rest } = found
  const why = facts === null ? null : whyOf(mark, facts)
  return { kind, place, found: rest, problems: why === null ? problems : [...problems, otherTimes[why]] }
}

/** All of it is of one moment. */
function look({ db, kind, place, health }: StorageDatabase, now: number) {
  return health.reads(() =>
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((transaction) => lookInto(transaction, { kind, place, now })),
  )
}

async function lookInto(
  db: Kysely<Tables>,
  { kind, place, now }: Pick<StorageDatabase, 'kind' | 'place'> & { readonly now: number },
) {
  const names = await migrationsOf(db)
  if (names === null) return null
  await refuseNewer(db, place)
  const missing = Object.keys(migrations).filter((name) => !names.includes(name))
  const damage = kind === 'postgresql' ? [] : await damageOf(db)
  const rows = await db.selectFrom('api_keys').selectAll().orderBy('created').orderBy('id').execute()
  const { n: ownedIds } = await db
    .selectFrom('owned_ids')
    .select((row) => row.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  const foreign = rows.filter((row) => !storedKey.safeParse(row).success)
  const facts = await factsOf(db)
  const told = (some: typeof rows): WaitingKey[] =>
    some.map(({ id, name, key_group: group, state, held_because: because }) => {
      return { id, name, group, because: because ?? (state === 'held' ? 'file' : null) }
    })
  const isWaiting = (row: (typeof rows)[number]) => row.state === 'held' || row.held_because === 'revoked-since'
  return {
    facts: missing.length === 0 ? facts : null,
    id: facts.id,
    revision: facts.keys_revision,
    migrations: names,
    missing,
    keys: countKeys(rows, now),
    ownedIds: Number(ownedIds),
    waiting: told(rows.filter(isWaiting)),
    usedQuota: told(rows.filter((row) => row.state !== 'revoked' && (row.quota_used_day ?? null) !== null)),
    problems: [...damage, ...foreign.map(({ id }) => `The row of the key ${id} is not as this program writes it.`)],
  }
}

/** What SQLite finds wrong with its file; a server looks after its own. */
async function damageOf(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly integrity_check: string }>`pragma integrity_check(20)`.execute(db)
  return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok')
}
