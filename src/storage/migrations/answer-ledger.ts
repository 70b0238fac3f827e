import { randomUUID } from 'node:crypto'
import { type Kysely, PostgresAdapter } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from '../tables.ts'

/** What was answered about aggregate-only columns, where a server has it for several processes. */
export const answerLedger: Migration = {
  async up(db: Kysely<Tables>) {
    // A machine with an embedded storage has it in a file of its own.
    if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return
    await db.schema
      .createTable('answer_ledgers')
      .addColumn('id', 'bigint', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('prime', 'bigint', (column) => column.notNull())
      .addColumn('generation', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('answered_sets')
      .addColumn('ledger', 'bigint', (column) => column.notNull())
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('members', 'bytea', (column) => column.notNull())
      .addPrimaryKeyConstraint('answered_sets_pkey', ['ledger', 'sequence'])
      .execute()
    await db.schema
      .createTable('covered_relations')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('ledger', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('answer_ledger_life')
      .addColumn('one', 'integer', (column) => column.primaryKey())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('answers', 'bigint', (column) => column.notNull())
      .execute()
    await db.insertInto('answer_ledger_life').values({ one: 1, id: randomUUID(), answers: 0 }).execute()
    const holds = db.schema.createTable('answer_ledger_holds')
    await holds.addColumn('since', 'text', (column) => column.notNull()).execute()
  },
}
