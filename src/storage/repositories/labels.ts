import type { Kysely, Selectable } from 'kysely'
import type { Label, LabelledScore, Labels } from '../../core/tuning.ts'
import type { StorageHealth } from '../health.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { StorageTime } from '../storage-time.ts'
import type { Tables } from '../tables.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly time: StorageTime
}

/** Labels, each with its place among those of its decision and rule: clocks do not say which of two is the last. */
export function createLabels({ db, health, time }: Parts): Labels {
  return {
    async keep(label) {
      return await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          await oneAtATime(transaction)
          const made = new Date(await time(transaction)).toISOString()
          const { by, ...rest } = label
          const { last } = await transaction
            .selectFrom('labels')
            .select((row) => row.fn.max<number | null>('place').as('last'))
            .where('decision', '=', label.decision)
            .where('rule', '=', label.rule)
            .executeTakeFirstOrThrow()
          const row = { ...rest, said_by: by, place: (last ?? -1) + 1, made }
          await transaction.insertInto('labels').values(row).execute()
          return labelOf(row)
        }),
      )
    },
    async of({ group, direction, rule }, { since, until }) {
      const rows = await health.reads(() =>
        db
          .selectFrom('labels as label')
          .innerJoin('recorded_decisions as recorded', 'recorded.id', 'label.decision')
          .innerJoin('recorded_places as each', (join) =>
            join
              .onRef('each.principal_group', '=', 'recorded.principal_group')
              .onRef('each.direction', '=', 'recorded.direction')
              .onRef('each.rule', '=', 'label.rule'),
          )
          .innerJoin('recorded_scores as scored', (join) =>
            join
              .onRef('scored.place', '=', 'each.id')
              .onRef('scored.made', '=', 'recorded.made')
              .onRef('scored.decision', '=', 'recorded.id'),
          )
          .innerJoin('recorded_detectors as detector', 'detector.id', 'scored.detectors')
          .select(['label.decision', 'recorded.principal', 'scored.score', 'scored.is_bound', 'scored.weight'])
          .select(['scored.stratum', 'detector.names as detectors', 'label.truth', 'label.source'])
          .where('label.rule', '=', rule)
          .where('each.principal_group', '=', group)
          .where('each.direction', '=', direction)
          .$if(since !== null, (query) => query.where('recorded.made', '>=', new Date(since ?? '').toISOString()))
          .$if(until !== null, (query) => query.where('recorded.made', '<', new Date(until ?? '').toISOString()))
          .where((where) =>
            where.not(
              where.exists(
                where
                  .selectFrom('labels as later')
                  .select('later.id')
                  .whereRef('later.decision', '=', 'label.decision')
                  .whereRef('later.rule', '=', 'label.rule')
                  .whereRef('later.place', '>', 'label.place'),
              ),
            ),
          )
          .orderBy('recorded.made')
          .orderBy('label.decision')
          .execute(),
      )
      return rows.flatMap(({ truth, is_bound: isBound, ...score }): LabelledScore[] =>
        truth === 'unsure' ? [] : [{ ...score, isBound: isBound === 1, truth }],
      )
    },
    async history(decision) {
      const rows = await health.reads(() =>
        db
          .selectFrom('labels')
          .selectAll()
          .where('decision', '=', decision)
          .orderBy('made')
          .orderBy('place')
          .orderBy('id')
          .execute(),
      )
      return rows.map(labelOf)
    },
  }
}

function labelOf(row: Selectable<Tables['labels']>): Label {
  const { id, decision, rule, truth, said_by: by, why, source, complaint, made } = row
  return { id, decision, rule, truth, by, why, source, complaint, made }
}
