import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from '../tables.ts'

/** Which process has which request with an Idempotency-Key, sessions by whose they are, and which key seals. */
export const requestKeys: Migration = {
  async up(db: Kysely<Tables>) {
    let table = db.schema.createTable('request_keys').addColumn('id', 'text', (column) => column.primaryKey())
    for (const name of ['owner', 'replica', 'state'] as const) {
      table = table.addColumn(name, 'text', (column) => column.notNull())
    }
    await table.addColumn('ends', 'text').execute()
    await db.schema.createIndex('request_keys_owner').on('request_keys').column('owner').execute()
    await db.schema.createIndex('request_keys_ends').on('request_keys').column('ends').execute()
    await db.schema.createIndex('held_sessions_principal').on('held_sessions').column('principal').execute()
    await db.schema
      .createTable('sealing_key')
      .addColumn('one', 'integer', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .execute()
  },
}
