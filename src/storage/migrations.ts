import { randomUUID } from 'node:crypto'
import { type Kysely, PostgresAdapter, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { answerLedger } from './migrations/answer-ledger.ts'
import { containers } from './migrations/containers.ts'
import { history } from './migrations/history.ts'
import { replicas } from './migrations/replicas.ts'
import { requestKeys } from './migrations/request-keys.ts'
import { shares } from './migrations/shares.ts'
import { tuning } from './migrations/tuning.ts'
import { webSessions } from './migrations/web-sessions.ts'
import type { Tables } from './tables.ts'

/**
 * By name, in the order in which they run, on both kinds of storage. One that was released is never changed: a program
 * tells by the names whether a storage is newer than itself.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-keys-and-owned-ids': {
    async up(db: Kysely<Tables>) {
      await db.schema
        .createTable('storage_facts')
        .addColumn('one', 'integer', (column) => column.primaryKey())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('keys_revision', 'integer', (column) => column.notNull())
        .addColumn('probes', 'integer', (column) => column.notNull())
        .execute()
      await db.insertInto('storage_facts').values({ one: 1, id: randomUUID(), keys_revision: 0, probes: 0 }).execute()
      await db.schema
        .createTable('api_keys')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('key_group', 'text', (column) => column.notNull())
        .addColumn('sha256', 'text', (column) => column.notNull().unique())
        .addColumn('created', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('revoked', 'text')
        .execute()
      await db.schema
        .createTable('owned_ids')
        .addColumn('upstream', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('principal', 'text', (column) => column.notNull())
        .addColumn('made_day', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('owned_ids_pkey', ['upstream', 'id'])
        .execute()
      await db.schema.createIndex('owned_ids_made_day').on('owned_ids').column('made_day').execute()
      await db.schema
        .createTable('taken_over_files')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('taken', 'text', (column) => column.notNull())
        .execute()
    },
  },
  '0002-restores': {
    async up(db: Kysely<Tables>) {
      await db.schema
        .alterTable('storage_facts')
        .addColumn('former_ids', 'text', (column) => column.notNull().defaultTo('[]'))
        .execute()
      await db.schema.alterTable('storage_facts').addColumn('backup', 'text').execute()
      await db.schema.alterTable('api_keys').addColumn('held_because', 'text').execute()
      await db.schema.alterTable('api_keys').addColumn('quota_used_day', 'integer').execute()
    },
  },
  '0003-masked-conversations': {
    async up(db: Kysely<Tables>) {
      await db.schema
        .createTable('masked_conversations')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('principal', 'text', (column) => column.notNull())
        .addColumn('wrapped_key', 'text', (column) => column.notNull())
        .addColumn('used_day', 'integer', (column) => column.notNull())
        .execute()
      const index = db.schema.createIndex('masked_conversations_used_day')
      await index.on('masked_conversations').column('used_day').execute()
      await db.schema
        .createTable('masked_values')
        .addColumn('conversation', 'text', (column) => column.notNull())
        .addColumn('token', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('place', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('masked_values_pkey', ['conversation', 'token'])
        .execute()
      await db.schema
        .createTable('masked_answers')
        .addColumn('upstream', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('conversation', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('masked_answers_pkey', ['upstream', 'id'])
        .execute()
      await db.schema.createIndex('masked_answers_conversation').on('masked_answers').column('conversation').execute()
    },
  },
  '0004-miss-reports': {
    async up(db: Kysely<Tables>) {
      await db.schema
        .createTable('miss_reports')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('principal', 'text', (column) => column.notNull())
        .addColumn('receipt', 'text', (column) => column.notNull())
        .addColumn('fault', 'text', (column) => column.notNull())
        .addColumn('made', 'text', (column) => column.notNull())
        .addColumn('made_day', 'integer', (column) => column.notNull())
        .addColumn('wrapped_key', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .execute()
      await db.schema.createIndex('miss_reports_made').on('miss_reports').columns(['made', 'id']).execute()
      await db.schema.createIndex('miss_reports_principal').on('miss_reports').column('principal').execute()
    },
  },
  '0005-parts-of-answers': {
    async up(db: Kysely<Tables>) {
      await db.schema.alterTable('masked_answers').addColumn('part_of', 'text').execute()
    },
  },
  '0006-terms-of-keys': {
    async up(db: Kysely<Tables>) {
      for (const column of ['scopes', 'expires', 'last_used', 'replaced_by']) {
        await db.schema.alterTable('api_keys').addColumn(column, 'text').execute()
      }
    },
  },
  '0007-quotas': {
    async up(db: Kysely<Tables>) {
      // An embedded storage has its quotas in a file of their own, which waits for no disk.
      if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return
      await db.schema
        .createTable('quota_accounts')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('ends', 'bigint', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .execute()
      await db.schema.createIndex('quota_accounts_ends').on('quota_accounts').column('ends').execute()
      await db.schema
        .createTable('quota_leases')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('expires', 'bigint', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .execute()
      await db.schema.createIndex('quota_leases_expires').on('quota_leases').column('expires').execute()
    },
  },
  '0008-suspensions': {
    async up(db: Kysely<Tables>) {
      await db.schema
        .alterTable('storage_facts')
        .addColumn('suspensions_revision', 'integer', (column) => column.notNull().defaultTo(0))
        .execute()
      let table = db.schema.createTable('suspensions').addColumn('id', 'text', (column) => column.primaryKey())
      for (const column of ['kind', 'subject', 'principal', 'reason', 'made', 'made_by'] as const) {
        table = table.addColumn(column, 'text', (each) => each.notNull())
      }
      for (const column of ['note', 'until', 'lifted', 'lifted_by'] as const) table = table.addColumn(column, 'text')
      await table.execute()
      await db.schema.createIndex('suspensions_subject').on('suspensions').column('subject').execute()
      await db.schema.createIndex('suspensions_made').on('suspensions').columns(['made', 'id']).execute()
    },
  },
  '0009-approvals': {
    async up(db: Kysely<Tables>) {
      await db.schema
        .createTable('approvals')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('principal', 'text', (column) => column.notNull())
        .addColumn('principal_group', 'text', (column) => column.notNull())
        .addColumn('digest', 'text', (column) => column.notNull())
        .addColumn('tool', 'text', (column) => column.notNull())
        .addColumn('language', 'text')
        .addColumn('source', 'text')
        .addColumn('rules', 'text', (column) => column.notNull())
        .addColumn('request_id', 'text', (column) => column.notNull())
        .addColumn('asked', 'text', (column) => column.notNull())
        .addColumn('expires', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('decided_by', 'text')
        .addColumn('wrapped_key', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createIndex('approvals_open')
        .unique()
        .on('approvals')
        .columns(['principal', 'digest'])
        .where(sql<boolean>`state in ('pending', 'allowed')`)
        .execute()
      await db.schema.createIndex('approvals_asked').on('approvals').columns(['asked', 'id']).execute()
      await db.schema.createIndex('approvals_expires').on('approvals').column('expires').execute()
    },
  },
  '0010-history': history,
  '0011-containers': containers,
  '0012-tuning': tuning,
  '0013-shares': shares,
  '0014-web-sessions': webSessions,
  '0015-replicas': replicas,
  '0016-request-keys': requestKeys,
  '0017-answer-ledger': answerLedger,
}
