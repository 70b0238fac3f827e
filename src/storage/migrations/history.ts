import { type Kysely, PostgresAdapter, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from '../tables.ts'

/** Conversations with their runs and items, and files with their contents. */
export const history: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .createTable('process_leases')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('seen', 'text', (column) => column.notNull())
      .execute()
    await makeConversations(db)
    await makeFiles(db)
  },
}

async function makeConversations(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('conversations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('wrapped_key', 'text', (column) => column.notNull())
    .addColumn('made', 'text', (column) => column.notNull())
    .addColumn('used', 'text', (column) => column.notNull())
    .addColumn('next_place', 'bigint', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('conversations_principal').on('conversations').columns(['principal', 'id']).execute()
  const latest = db.schema.createIndex('conversations_latest').on('conversations')
  await latest.columns(['principal', 'used', 'id']).execute()
  await db.schema.createIndex('conversations_used').on('conversations').column('used').execute()
  let runs = db.schema.createTable('conversation_runs').addColumn('id', 'text', (column) => column.primaryKey())
  for (const name of [
    'conversation',
    'principal',
    'state',
    'owner',
    'model',
    'request_id',
    'begun',
    'sealed',
  ] as const) {
    runs = runs.addColumn(name, 'text', (column) => column.notNull())
  }
  for (const name of ['exclusive', 'cancel_asked'] as const) {
    runs = runs.addColumn(name, 'integer', (column) => column.notNull())
  }
  for (const name of ['previous', 'ended', 'sealed_end'] as const) runs = runs.addColumn(name, 'text')
  await runs.execute()
  const ofConversation = db.schema.createIndex('conversation_runs_conversation').on('conversation_runs')
  await ofConversation.columns(['conversation', 'id']).execute()
  await db.schema
    .createIndex('conversation_runs_exclusive')
    .unique()
    .on('conversation_runs')
    .column('conversation')
    .where(sql<boolean>`state = 'running' and exclusive = 1`)
    .execute()
  await db.schema
    .createIndex('conversation_runs_running')
    .on('conversation_runs')
    .column('owner')
    .where(sql<boolean>`state = 'running'`)
    .execute()
  await db.schema
    .createTable('conversation_items')
    .addColumn('conversation', 'text', (column) => column.notNull())
    .addColumn('place', 'bigint', (column) => column.notNull())
    .addColumn('piece', 'integer', (column) => column.notNull())
    .addColumn('run', 'text')
    .addColumn('made', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('conversation_items_pkey', ['conversation', 'place', 'piece'])
    .execute()
  const ofRun = db.schema.createIndex('conversation_items_run').on('conversation_items')
  await ofRun.columns(['run', 'place', 'piece']).execute()
}

async function makeFiles(db: Kysely<Tables>): Promise<void> {
  const bytes = db.getExecutor().adapter instanceof PostgresAdapter ? 'bytea' : 'blob'
  let files = db.schema.createTable('stored_files').addColumn('id', 'text', (column) => column.primaryKey())
  for (const name of ['principal', 'content', 'purpose', 'made', 'wrapped_key', 'sealed'] as const) {
    files = files.addColumn(name, 'text', (column) => column.notNull())
  }
  for (const name of ['expires', 'run', 'conversation'] as const) files = files.addColumn(name, 'text')
  await files.addColumn('bytes', 'bigint', (column) => column.notNull()).execute()
  for (const names of [['principal', 'id'], ['content'], ['expires'], ['conversation', 'id'], ['made']] as const) {
    const index = db.schema.createIndex(`stored_files_${names[0]}`).on('stored_files')
    await index.columns([...names]).execute()
  }
  await db.schema
    .createTable('file_contents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('digest', 'text')
    .addColumn('owner', 'text')
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('pieces', 'integer', (column) => column.notNull())
    .addColumn('uses', 'integer', (column) => column.notNull())
    .addColumn('wrapped_key', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('file_contents_digest')
    .unique()
    .on('file_contents')
    .columns(['principal', 'digest'])
    .where(sql<boolean>`digest is not null`)
    .execute()
  const written = db.schema.createIndex('file_contents_owner').on('file_contents').column('owner')
  await written.where(sql<boolean>`owner is not null`).execute()
  await db.schema
    .createTable('content_pieces')
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('sealed', bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('content_pieces_pkey', ['content', 'place'])
    .execute()
}
