import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from '../tables.ts'

/** Shares of conversations, and what they show in pieces. */
export const shares: Migration = {
  async up(db: Kysely<Tables>) {
    let table = db.schema.createTable('shares').addColumn('id', 'text', (column) => column.primaryKey())
    for (const name of [
      'principal',
      'conversation',
      'audience',
      'audience_group',
      'made',
      'expires',
      'wrapped_key',
      'sealed',
    ] as const) {
      table = table.addColumn(name, 'text', (column) => column.notNull())
    }
    await table
      .addColumn('secret_digest', 'text')
      .addColumn('pieces', 'integer', (column) => column.notNull())
      .execute()
    for (const names of [['principal', 'id'], ['audience_group', 'id'], ['conversation'], ['expires']] as const) {
      const index = db.schema.createIndex(`shares_${names[0]}`).on('shares')
      await index.columns([...names]).execute()
    }
    await db.schema
      .createTable('share_pieces')
      .addColumn('share', 'text', (column) => column.notNull())
      .addColumn('place', 'integer', (column) => column.notNull())
      .addColumn('sealed', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('share_pieces_pkey', ['share', 'place'])
      .execute()
  },
}
