import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from '../tables.ts'

/** Sessions of browsers, and the links by which people sign in. */
export const webSessions: Migration = {
  async up(db: Kysely<Tables>) {
    let sessions = db.schema
      .createTable('web_sessions')
      .addColumn('sha256', 'text', (column) => column.primaryKey())
      .addColumn('key_sha256', 'text')
    for (const name of ['listener', 'way', 'principal', 'principal_group', 'scopes', 'made', 'expires'] as const) {
      sessions = sessions.addColumn(name, 'text', (column) => column.notNull())
    }
    await sessions.execute()
    await db.schema
      .createIndex('web_sessions_principal')
      .on('web_sessions')
      .columns(['principal', 'listener', 'made'])
      .execute()
    await db.schema.createIndex('web_sessions_expires').on('web_sessions').column('expires').execute()
    await db.schema
      .createTable('web_links')
      .addColumn('sha256', 'text', (column) => column.primaryKey())
      .addColumn('listener', 'text', (column) => column.notNull())
      .addColumn('expires', 'text', (column) => column.notNull())
      .execute()
  },
}
