import { type ColumnDataType, type CreateTableBuilder, type Kysely, PostgresAdapter, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from '../tables.ts'

/** Recorded decisions with their scores, what callers say of them, labels, evaluation sets, proposals and rollouts. */
export const tuning: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable('storage_facts')
      .addColumn('tuning_revision', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await makeRecorded(db)
    await makeComplaints(db)
    await makeLabels(db)
    await makeRollouts(db)
  },
}

/** Adds columns that are never null. */
function withColumns<Table extends string, Given extends string, Name extends string>(
  table: CreateTableBuilder<Table, Given>,
  columns: Readonly<Record<Name, ColumnDataType>>,
): CreateTableBuilder<Table, Given | Name> {
  let made: CreateTableBuilder<Table, Given | Name> = table
  for (const [name, type] of Object.entries(columns) as [Name, ColumnDataType][]) {
    made = made.addColumn(name, type, (column) => column.notNull())
  }
  return made
}

const place = { principal_group: 'text', direction: 'text', rule: 'text' } as const
const thresholds = { from_threshold: 'double precision', to_threshold: 'double precision' } as const
const sealed = { wrapped_key: 'text', sealed: 'text' } as const

async function makeRecorded(db: Kysely<Tables>): Promise<void> {
  const isServer = db.getExecutor().adapter instanceof PostgresAdapter
  const decisions = db.schema
    .createTable('recorded_decisions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('conversation', 'text')
    .addColumn('canary', 'text')
  await withColumns(decisions, {
    principal: 'text',
    principal_group: 'text',
    direction: 'text',
    api: 'text',
    profile: 'text',
    profile_version: 'integer',
    revision: 'integer',
    action: 'text',
    stratum: 'text',
    weight: 'double precision',
    made: 'text',
    draw: 'integer',
  }).execute()
  await db.schema
    .createIndex('recorded_decisions_conversation')
    .on('recorded_decisions')
    .column('conversation')
    .where(sql<boolean>`conversation is not null`)
    .execute()
  await db.schema.createIndex('recorded_decisions_made').on('recorded_decisions').column('made').execute()
  await db.schema
    .createIndex('recorded_decisions_draw')
    .on('recorded_decisions')
    .columns(['principal_group', 'direction', 'stratum', 'draw', 'id'])
    .execute()
  // A file counts by itself.
  const counted = isServer ? 'serial' : 'integer'
  const places = db.schema.createTable('recorded_places').addColumn('id', counted, (column) => column.primaryKey())
  await withColumns(places, place)
    .addUniqueConstraint('recorded_places_place', ['principal_group', 'direction', 'rule'])
    .execute()
  await db.schema
    .createTable('recorded_detectors')
    .addColumn('id', counted, (column) => column.primaryKey())
    .addColumn('names', 'text', (column) => column.notNull().unique())
    .execute()
  await withColumns(db.schema.createTable('recorded_scores'), {
    place: 'integer',
    made: 'text',
    decision: 'text',
    position: 'integer',
    score: 'double precision',
    threshold: 'double precision',
    effective: 'text',
    detectors: 'integer',
    is_bound: 'integer',
    stratum: 'text',
    weight: 'double precision',
  })
    .addPrimaryKeyConstraint('recorded_scores_pkey', ['place', 'made', 'decision'])
    // In a file the rows themselves stand in this order, which is the one they are read in.
    .$call((table) => (isServer ? table : table.modifyEnd(sql`without rowid`)))
    .execute()
  const samples = db.schema.createTable('recorded_samples').addColumn('id', 'text', (column) => column.primaryKey())
  await withColumns(samples, sealed).execute()
}

async function makeComplaints(db: Kysely<Tables>): Promise<void> {
  const table = db.schema
    .createTable('complaints')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('decision', 'text')
    .addColumn('answer', 'text')
  await withColumns(table, {
    kind: 'text',
    verdict: 'text',
    reason: 'text',
    principal: 'text',
    principal_group: 'text',
    about: 'text',
    state: 'text',
    made: 'text',
    made_day: 'integer',
    ...sealed,
  }).execute()
  const once = db.schema.createIndex('complaints_about').unique().on('complaints')
  await once.columns(['principal', 'kind', 'about']).execute()
  await db.schema.createIndex('complaints_day').on('complaints').columns(['principal', 'made_day']).execute()
  await db.schema.createIndex('complaints_made').on('complaints').columns(['made', 'id']).execute()
  await withColumns(db.schema.createTable('complaint_rules'), { complaint: 'text', rule: 'text' })
    .addPrimaryKeyConstraint('complaint_rules_pkey', ['complaint', 'rule'])
    .execute()
}

async function makeLabels(db: Kysely<Tables>): Promise<void> {
  const labels = db.schema
    .createTable('labels')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('complaint', 'text')
  await withColumns(labels, {
    decision: 'text',
    rule: 'text',
    place: 'integer',
    truth: 'text',
    said_by: 'text',
    why: 'text',
    source: 'text',
    made: 'text',
  }).execute()
  const holding = db.schema.createIndex('labels_decision').unique().on('labels')
  await holding.columns(['decision', 'rule', 'place']).execute()
  await db.schema.createIndex('labels_rule').on('labels').columns(['rule', 'decision']).execute()
  await withColumns(db.schema.createTable('evaluation_sets'), {
    name: 'text',
    version: 'integer',
    ...place,
    digest: 'text',
    items: 'text',
    size: 'integer',
    made: 'text',
    made_by: 'text',
  })
    .addPrimaryKeyConstraint('evaluation_sets_pkey', ['name', 'version'])
    .execute()
  const proposals = db.schema.createTable('tuning_proposals').addColumn('id', 'text', (column) => column.primaryKey())
  await withColumns(proposals, {
    ...place,
    ...thresholds,
    set_name: 'text',
    set_version: 'integer',
    set_digest: 'text',
    detectors: 'text',
    figures: 'text',
    made: 'text',
    made_by: 'text',
  }).execute()
  await db.schema.createIndex('tuning_proposals_made').on('tuning_proposals').columns(['made', 'id']).execute()
}

async function makeRollouts(db: Kysely<Tables>): Promise<void> {
  const rollouts = db.schema
    .createTable('tuning_rollouts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('before', 'text')
  await withColumns(rollouts, {
    begun: 'integer',
    ...place,
    proposal: 'text',
    ...thresholds,
    detectors: 'text',
    stage: 'text',
    share: 'double precision',
    salt: 'text',
    bounds: 'text',
    revision: 'integer',
    steps: 'text',
  }).execute()
  await db.schema
    .createIndex('tuning_rollouts_active')
    .unique()
    .on('tuning_rollouts')
    .columns(['principal_group', 'direction', 'rule'])
    .where(sql<boolean>`stage in ('shadow', 'canary', 'promoted')`)
    .execute()
  await withColumns(db.schema.createTable('tuning_thresholds'), {
    ...place,
    threshold: 'double precision',
    rollout: 'text',
  })
    .addPrimaryKeyConstraint('tuning_thresholds_pkey', ['principal_group', 'direction', 'rule'])
    .execute()
  await withColumns(db.schema.createTable('tuning_counts'), {
    rollout: 'text',
    stage: 'text',
    arm: 'text',
    requests: 'bigint',
    acted_before: 'bigint',
    acted_after: 'bigint',
    only_before: 'bigint',
    only_after: 'bigint',
    unknown: 'bigint',
    complaints: 'bigint',
  })
    .addPrimaryKeyConstraint('tuning_counts_pkey', ['rollout', 'stage', 'arm'])
    .execute()
}
