import type { Transaction } from 'kysely'
import { activeStages } from '../../core/tuning.ts'
import type { StoredCopy } from '../embedded/stored-copy.ts'
import type { Tables } from '../tables.ts'
import { endedRow } from '../tuning/end-tuning.ts'

export interface RestoredTuning {
  /** Labels, and rollouts, that the storage did not have. */
  readonly addedLabels: number
  readonly addedRollouts: number
}

interface Restoring {
  readonly copy: StoredCopy
  readonly time: string
}

/**
 * Puts labels, evaluation sets, proposals and rollouts of a backup where the storage has none of the same: what it has, it knows
 * better. Of thresholds that were in force when the backup was made none comes to be in force: it may have been rolled back
 * since.
 */
export async function restoreTuning(db: Transaction<Tables>, { copy, time }: Restoring): Promise<RestoredTuning> {
  const addedLabels = await restoreLabels(db, copy)
  for (const row of copy.rows('evaluation_sets')) {
    const insertion = db.insertInto('evaluation_sets').values(row)
    await insertion.onConflict((conflict) => conflict.doNothing()).execute()
  }
  for (const row of copy.rows('tuning_proposals')) {
    const insertion = db.insertInto('tuning_proposals').values(row)
    await insertion.onConflict((conflict) => conflict.doNothing()).execute()
  }
  const addedRollouts = await restoreRollouts(db, { copy, time })
  await db
    .updateTable('storage_facts')
    .set((set) => ({
      // What begins from now on has come after what came back.
      tuning_revision: set
        .case()
        .when('tuning_revision', '<', copy.facts.tuning_revision)
        .then(copy.facts.tuning_revision + 1)
        .else(set('tuning_revision', '+', 1))
        .end(),
    }))
    .execute()
  return { addedLabels, addedRollouts }
}

/** Those of decisions and rules of which the storage has no label: a former one must not come to be the last. */
async function restoreLabels(db: Transaction<Tables>, copy: StoredCopy): Promise<number> {
  const restored = new Map<string, boolean>()
  let added = 0
  for (const row of copy.rows('labels')) {
    const key = JSON.stringify([row.decision, row.rule])
    const isMissing = restored.get(key) ?? (await hasNone(db, row))
    restored.set(key, isMissing)
    if (!isMissing) continue
    const { numInsertedOrUpdatedRows = 0n } = await db
      .insertInto('labels')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    added += Number(numInsertedOrUpdatedRows)
  }
  return added
}

async function hasNone(
  db: Transaction<Tables>,
  { decision, rule }: { readonly decision: string; readonly rule: string },
): Promise<boolean> {
  const label = await db
    .selectFrom('labels')
    .select('id')
    .where('decision', '=', decision)
    .where('rule', '=', rule)
    .limit(1)
    .executeTakeFirst()
  return label === undefined
}

async function restoreRollouts(db: Transaction<Tables>, { copy, time }: Restoring): Promise<number> {
  const wasInForce = new Set([...copy.rows('tuning_thresholds')].map(({ rollout }) => rollout))
  const active: ReadonlySet<string> = new Set(activeStages)
  let added = 0
  for (const row of copy.rows('tuning_rollouts')) {
    const isEnded = !active.has(row.stage) && !wasInForce.has(row.id)
    const { numInsertedOrUpdatedRows = 0n } = await db
      .insertInto('tuning_rollouts')
      .values(isEnded ? row : endedRow(row, time))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    added += Number(numInsertedOrUpdatedRows)
  }
  return added
}
