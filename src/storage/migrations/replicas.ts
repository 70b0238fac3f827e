import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from '../tables.ts'

/** Numbers of leases, which only grow, and which process has which open session. */
export const replicas: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable('process_leases')
      .addColumn('number', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema
      .alterTable('process_leases')
      .addColumn('replica', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
    await db.schema
      .createTable('lease_numbers')
      .addColumn('one', 'integer', (column) => column.primaryKey())
      .addColumn('last', 'bigint', (column) => column.notNull())
      .execute()
    await db.insertInto('lease_numbers').values({ one: 1, last: 0 }).execute()
    let sessions = db.schema.createTable('held_sessions').addColumn('id', 'text', (column) => column.primaryKey())
    for (const name of ['principal', 'owner', 'replica', 'made'] as const) {
      sessions = sessions.addColumn(name, 'text', (column) => column.notNull())
    }
    await sessions.addColumn('ended', 'text').execute()
    await db.schema.createIndex('held_sessions_owner').on('held_sessions').column('owner').execute()
    await db.schema.createIndex('held_sessions_ended').on('held_sessions').column('ended').execute()
  },
}
