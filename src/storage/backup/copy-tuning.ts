import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

export interface TuningCounts {
  readonly labels: number
  readonly rollouts: number
}

/** An evaluation set is one row, which may be large: so few of them are in memory. */
const fewRows = 4
const manyRows = 200

/** Copies what people have decided of thresholds, from one moment of a storage into another one that has none. */
export async function copyTuning(from: Kysely<Tables>, into: Kysely<Tables>): Promise<TuningCounts> {
  const labels = await copyById(from, into, 'labels')
  await copySets(from, into)
  await copyById(from, into, 'tuning_proposals')
  const rollouts = await copyById(from, into, 'tuning_rollouts')
  for (const row of await from.selectFrom('tuning_thresholds').selectAll().execute()) {
    await into.insertInto('tuning_thresholds').values(row).execute()
  }
  return { labels, rollouts }
}

async function copyById(
  from: Kysely<Tables>,
  into: Kysely<Tables>,
  table: 'labels' | 'tuning_proposals' | 'tuning_rollouts',
): Promise<number> {
  let copied = 0
  for (let last = ''; ;) {
    const rows = await from.selectFrom(table).selectAll().where('id', '>', last).orderBy('id').limit(manyRows).execute()
    const end = rows.at(-1)
    if (end === undefined) return copied
    for (const row of rows) await into.insertInto(table).values(row).execute()
    copied += rows.length
    last = end.id
  }
}

async function copySets(from: Kysely<Tables>, into: Kysely<Tables>): Promise<void> {
  let last = { name: '', version: 0 }
  for (;;) {
    const rows = await from
      .selectFrom('evaluation_sets')
      .selectAll()
      .where((where) => where(where.refTuple('name', 'version'), '>', where.tuple(last.name, last.version)))
      .orderBy('name')
      .orderBy('version')
      .limit(fewRows)
      .execute()
    const end = rows.at(-1)
    if (end === undefined) return
    for (const row of rows) await into.insertInto('evaluation_sets').values(row).execute()
    last = end
  }
}
