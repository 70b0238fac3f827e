import type { Kysely } from 'kysely'
import { activeStages, type RolloutStage } from '../../core/tuning.ts'
import type { Tables } from '../tables.ts'
import { rolloutOf, type RolloutRow } from './rollout-rows.ts'

/**
 * Nothing that was tuned is in force in a storage that was put back: a threshold of then may have been rolled back since. The
 * configuration's hold, until a person begins another rollout. Within a transaction of the caller.
 */
export async function endTuning(db: Kysely<Tables>, time: string): Promise<void> {
  const inForce = await db.selectFrom('tuning_thresholds').select('rollout').execute()
  await db.deleteFrom('tuning_thresholds').execute()
  const rows = await db
    .selectFrom('tuning_rollouts')
    .selectAll()
    .where((where) =>
      where.or([where('stage', 'in', activeStages), where('id', 'in', ['', ...inForce.map(({ rollout }) => rollout)])]),
    )
    .execute()
  for (const row of rows) {
    const ended = endedRow(row, time)
    await db.updateTable('tuning_rollouts').set(ended).where('id', '=', row.id).execute()
  }
  await db
    .updateTable('storage_facts')
    .set((set) => ({ tuning_revision: set('tuning_revision', '+', 1) }))
    .execute()
}

/** A rollout of another time, at its end: one whose threshold was in force is rolled back, one on its way stopped. */
export function endedRow(row: RolloutRow, at: string): RolloutRow {
  const { stage: from } = row
  const to: RolloutStage = from === 'promoted' || from === 'settled' ? 'rolled-back' : 'stopped'
  const why = 'The storage was put back: what was decided since is not known.'
  const steps = [...rolloutOf(row).steps, { at, by: 'restore', from, to, why }]
  return { ...row, stage: to, revision: row.revision + 1, steps: JSON.stringify(steps) }
}
