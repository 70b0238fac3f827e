import type { Kysely, Transaction } from 'kysely'
import { ServiceError } from '../../core/errors.ts'
import { activeStages, type Rollout, type Rollouts, type TuningState } from '../../core/tuning.ts'
import type { StorageHealth } from '../health.ts'
import type { OtherTimeWatch } from '../other-time.ts'
import type { StorageTime } from '../storage-time.ts'
import type { Tables } from '../tables.ts'
import type { JsonRows } from '../text-list.ts'
import { addCounts, countsOf } from '../tuning/rollout-counts.ts'
import { atPlace, rolloutOf, rowOf, type RolloutRow } from '../tuning/rollout-rows.ts'
import { dropThreshold, inForceAt, putInForce, restoreBefore } from '../tuning/thresholds-in-force.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly time: StorageTime
  readonly jsonRows: JsonRows
  readonly watch: Pick<OtherTimeWatch, 'advance'>
}

/** What one transaction has read is another one by now: nothing of it is written. */
class Overtaken extends Error {}

/**
 * Rollouts and the thresholds that they have put in force. Each change of either is one transaction, one at a time in all
 * processes, with the next revision of the whole. It counts as a change of keys does, so that an older copy of the storage is
 * noticed in which a threshold is in force that was taken back since.
 */
export function createRollouts({ db, health, time, jsonRows, watch }: Parts): Rollouts {
  /** The last state that was read, by the storage and revision that it is of. */
  let known: { readonly mark: string; readonly state: TuningState } | null = null

  async function change<T>(work: (db: Transaction<Tables>, revision: number, now: string) => Promise<T>): Promise<T> {
    const result = await health.writes(() =>
      db.transaction().execute(async (transaction) => {
        const { tuning_revision: revision } = await transaction
          .updateTable('storage_facts')
          .set((set) => ({
            tuning_revision: set('tuning_revision', '+', 1),
            keys_revision: set('keys_revision', '+', 1),
          }))
          .returning('tuning_revision')
          .executeTakeFirstOrThrow()
        return work(transaction, revision, new Date(await time(transaction)).toISOString())
      }),
    )
    await watch.advance()
    return result
  }

  const find = async (from: Kysely<Tables>, id: string): Promise<RolloutRow | null> =>
    (await from.selectFrom('tuning_rollouts').selectAll().where('id', '=', id).executeTakeFirst()) ?? null

  return {
    async state() {
      const mark = await health.reads(() => markOf(db))
      if (known?.mark !== mark) known = await health.reads(() => readState(db))
      return known.state
    },
    async find(id) {
      const row = await health.reads(() => find(db, id))
      return row === null ? null : rolloutOf(row)
    },
    async list(most) {
      const rows = await health.reads(() =>
        db.selectFrom('tuning_rollouts').selectAll().orderBy('begun', 'desc').limit(most).execute(),
      )
      return rows.map(rolloutOf)
    },
    async begin(rollout, { by, why }) {
      return await change(async (transaction, begun, at) => {
        const other = await transaction
          .selectFrom('tuning_rollouts')
          .select(['id', 'stage'])
          .where(atPlace(rollout.place))
          .where('stage', 'in', activeStages)
          .executeTakeFirst()
        if (other !== undefined) throw isBusy(rollout, other)
        const before = (await inForceAt(transaction, rollout.place))?.rollout ?? null
        const steps = [{ at, by, from: null, to: 'shadow', why }] as const
        const row = rowOf({ ...rollout, stage: 'shadow', revision: 1, steps }, { begun, before })
        await transaction.insertInto('tuning_rollouts').values(row).execute()
        return rolloutOf(row)
      })
    },
    async step({ id, revision }, { to, by, why }, { share, bounds }) {
      const seen = await health.reads(() => find(db, id))
      if (seen?.revision !== revision) return null
      return await change(async (transaction, _, at) => {
        const row = await find(transaction, id)
        if (row?.revision !== revision) throw new Overtaken()
        const now = rolloutOf(row)
        const steps = [...now.steps, { at, by, from: now.stage, to, why }]
        const next: Rollout = {
          ...now,
          stage: to,
          steps,
          share: share ?? now.share,
          bounds: bounds ?? now.bounds,
          revision: revision + 1,
        }
        if (to === 'promoted') await promote(transaction, row)
        if (to === 'rolled-back') await restoreBefore(transaction, row)
        await transaction.updateTable('tuning_rollouts').set(rowOf(next, row)).where('id', '=', id).execute()
        return next
      }).catch((thrown: unknown) => {
        if (thrown instanceof Overtaken) return null
        throw thrown
      })
    },
    async count(id, counts) {
      if (counts.length > 0) await health.writes(() => addCounts(db, jsonRows, { id, counts }))
    },
    async seen(id) {
      return await health.reads(() =>
        atOneMoment(db, async (moment) => {
          const row = await find(moment, id)
          if (row === null) return null
          const now = new Date(await time(moment)).toISOString()
          return { rollout: rolloutOf(row), now, counts: await countsOf(moment, id) }
        }),
      )
    },
  }
}

/** Which state there is, told without reading it: a storage that was restored has another id. */
async function markOf(db: Kysely<Tables>): Promise<string> {
  const { id, tuning_revision: revision } = await db
    .selectFrom('storage_facts')
    .select(['id', 'tuning_revision'])
    .executeTakeFirstOrThrow()
  return `${id}.${revision}`
}

async function readState(db: Kysely<Tables>) {
  return await atOneMoment(db, async (moment) => {
    const mark = await markOf(moment)
    const inForce = await moment.selectFrom('tuning_thresholds').selectAll().orderBy('principal_group').execute()
    const active = await moment
      .selectFrom('tuning_rollouts')
      .selectAll()
      .where('stage', 'in', activeStages)
      .orderBy('begun')
      .execute()
    const state: TuningState = {
      revision: Number(mark.split('.').at(-1)),
      thresholds: inForce.map(({ principal_group: group, direction, rule, threshold, rollout }) => ({
        place: { group, direction, rule },
        threshold,
        rollout,
      })),
      rollouts: active.map(rolloutOf),
    }
    return { mark, state }
  })
}

/** What is read is all of one moment, while others write. */
function atOneMoment<T>(db: Kysely<Tables>, work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work)
}

/** Puts a threshold in force, in the place of the one that was when its rollout began. */
async function promote(db: Transaction<Tables>, row: RolloutRow): Promise<void> {
  const rollout = rolloutOf(row)
  const inForce = await inForceAt(db, rollout.place)
  if ((inForce?.rollout ?? null) !== row.before) {
    throw new ServiceError(
      'conflict',
      `The rollout ${row.id} began beside another threshold than the one in force now.`,
      {
        advice: 'What was seen of it says nothing of the present one: stop it, and begin another.',
      },
    )
  }
  await dropThreshold(db, rollout.place)
  await putInForce(db, { place: rollout.place, threshold: rollout.to, rollout: rollout.id })
}

function isBusy({ place }: Pick<Rollout, 'place'>, other: Pick<Rollout, 'id' | 'stage'>): ServiceError {
  const { group, direction, rule } = place
  const message = `The rollout ${other.id} of ${rule}, ${direction}, for the group "${group}" is in ${other.stage}.`
  return new ServiceError('conflict', message, { advice: 'End it, or wait until it has come to its end.' })
}
