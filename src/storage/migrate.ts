import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { ServiceError } from '../core/errors.ts'
import { migrations } from './migrations.ts'
import type { Tables } from './tables.ts'

const migrationTable = 'storage_migrations'

/** A database that migrations can run on. */
export interface Migrated {
  readonly db: Kysely<Tables>
  /** The schema the tables are in; null where the database has none. */
  readonly schema: string | null
  /** As told to people. */
  readonly place: string
}

/**
 * Brings the tables up to this program, under the database's own lock: of two programs that start at once, one waits for
 * the other. Throws `invalid-config` for tables of a newer program, which are left as they are.
 */
export async function migrate({ db, schema, place }: Migrated): Promise<void> {
  await refuseNewer(db, place)
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: migrationTable,
    migrationLockTableName: `${migrationTable}_lock`,
    ...(schema === null ? {} : { migrationTableSchema: schema }),
  })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  await refuseNewer(db, place)
  throw error
}

/** Names of the migrations that made the tables, in their order; null where there are no tables. */
export async function migrationsOf(db: Kysely<Tables>): Promise<readonly string[] | null> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === migrationTable)) return null
  const rows = await (db as unknown as Kysely<{ [migrationTable]: { readonly name: string } }>)
    .selectFrom(migrationTable)
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}

/** Throws `invalid-config` for tables of a newer program. */
export async function refuseNewer(db: Kysely<Tables>, place: string): Promise<void> {
  const unknown = (await migrationsOf(db))?.filter((name) => !Object.hasOwn(migrations, name)) ?? []
  if (unknown.length === 0) return
  const message = `The storage ${place} is newer than this program: it has ${unknown.toSorted().join(', ')}.`
  throw new ServiceError('invalid-config', message, {
    advice: 'Start the version that wrote it or a later one, or restore a backup made before.',
  })
}
