import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from '../tables.ts'

/** Containers, by their principals and by when the last of them is told. */
export const containers: Migration = {
  async up(db: Kysely<Tables>) {
    let table = db.schema.createTable('containers').addColumn('id', 'text', (column) => column.primaryKey())
    for (const name of ['principal', 'made', 'used', 'ends', 'holder', 'wrapped_key', 'sealed'] as const) {
      table = table.addColumn(name, 'text', (column) => column.notNull())
    }
    for (const name of ['is_over', 'revision'] as const) {
      table = table.addColumn(name, 'integer', (column) => column.notNull())
    }
    await table.execute()
    await db.schema.createIndex('containers_principal').on('containers').columns(['principal', 'id']).execute()
    await db.schema.createIndex('containers_ends').on('containers').column('ends').execute()
  },
}
