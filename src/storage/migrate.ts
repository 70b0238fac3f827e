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

async function refuseNewer(db: Kysely<Tables>, place: string): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  const table = tables.find(({ name }) => name === migrationTable)
  if (table === undefined) return
  const rows = await (db as unknown as Kysely<{ [migrationTable]: { readonly name: string } }>)
    .selectFrom(migrationTable)
    .select('name')
    .execute()
  const unknown = rows.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name))
  if (unknown.length === 0) return
  const message = `The storage ${place} is newer than this program: it has ${unknown.toSorted().join(', ')}.`
  throw new ServiceError('invalid-config', message, {
    advice: 'Start the version that wrote it or a later one, or restore a backup made before.',
  })
}
