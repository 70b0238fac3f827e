import type { Kysely, Selectable } from 'kysely'
import type { TuningPlace } from '../../core/recorded-decisions.ts'
import type { TunedThreshold } from '../../core/tuning.ts'
import type { Tables } from '../tables.ts'
import { atPlace, rolloutOf, type RolloutRow } from './rollout-rows.ts'

/** The tuned threshold of a place; undefined where that of the configuration is in force. */
export function inForceAt(
  db: Kysely<Tables>,
  place: TuningPlace,
): Promise<Selectable<Tables['tuning_thresholds']> | undefined> {
  return db.selectFrom('tuning_thresholds').selectAll().where(atPlace(place)).executeTakeFirst()
}

/** Takes the tuned threshold of a place away: that of the configuration is in force from then on. */
export async function dropThreshold(db: Kysely<Tables>, place: TuningPlace): Promise<void> {
  await db.deleteFrom('tuning_thresholds').where(atPlace(place)).execute()
}

export async function putInForce(db: Kysely<Tables>, { place, threshold, rollout }: TunedThreshold): Promise<void> {
  const row = { principal_group: place.group, direction: place.direction, rule: place.rule, threshold, rollout }
  await db.insertInto('tuning_thresholds').values(row).execute()
}

/**
 * Takes the threshold of a rollout out of force and puts back what was before it, and was not rolled back itself since. Does
 * nothing where another one is in force, or none.
 */
export async function restoreBefore(db: Kysely<Tables>, row: RolloutRow): Promise<void> {
  const { place } = rolloutOf(row)
  if ((await inForceAt(db, place))?.rollout !== row.id) return
  await dropThreshold(db, place)
  const before = await standingBefore(db, row)
  if (before !== null) await putInForce(db, { place, threshold: before.to_threshold, rollout: before.id })
}

async function standingBefore(db: Kysely<Tables>, row: RolloutRow): Promise<RolloutRow | null> {
  let last = row
  for (;;) {
    if (last.before === null) return null
    const before = await db.selectFrom('tuning_rollouts').selectAll().where('id', '=', last.before).executeTakeFirst()
    // Each began after the one before it: whoever writes the rows by hand cannot make it go round for ever.
    if (before === undefined || before.begun >= last.begun) return null
    if (before.stage === 'promoted' || before.stage === 'settled') return before
    last = before
  }
}
