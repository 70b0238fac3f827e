import type { Kysely, Selectable } from 'kysely'
import { ServiceError } from '../../core/errors.ts'
import type { EvaluationSet, EvaluationSets, LabelledScore } from '../../core/tuning.ts'
import type { StorageHealth } from '../health.ts'
import type { StorageTime } from '../storage-time.ts'
import type { Tables } from '../tables.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly time: StorageTime
}

/** Versions of evaluation sets: none is ever changed, and none taken away. */
export function createEvaluationSets({ db, health, time }: Parts): EvaluationSets {
  return {
    async keep({ place, items, by, ...set }) {
      const row = {
        ...set,
        principal_group: place.group,
        direction: place.direction,
        rule: place.rule,
        items: JSON.stringify(items),
        size: items.length,
        made: new Date(await health.reads(() => time(db))).toISOString(),
        made_by: by,
      }
      const { numInsertedOrUpdatedRows = 0n } = await health.writes(() =>
        db
          .insertInto('evaluation_sets')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow(),
      )
      if (numInsertedOrUpdatedRows === 0n) {
        throw new ServiceError('conflict', `There is a version ${set.version} of the set "${set.name}" already.`, {
          advice: 'Make the next version: one that is there never changes.',
        })
      }
      return setOf(row)
    },
    async find(name, version) {
      const row = await health.reads(() =>
        db
          .selectFrom('evaluation_sets')
          .selectAll()
          .where('name', '=', name)
          .$if(version !== null, (query) => query.where('version', '=', version ?? 0))
          .orderBy('version', 'desc')
          .limit(1)
          .executeTakeFirst(),
      )
      return row === undefined ? null : setOf(row)
    },
    async list() {
      const rows = await health.reads(() =>
        db
          .selectFrom('evaluation_sets')
          .select(['name', 'version', 'principal_group', 'direction', 'rule', 'digest', 'size', 'made', 'made_by'])
          .orderBy('name')
          .orderBy('version')
          .execute(),
      )
      return rows.map((row) => Object.assign(factsOf(row), { size: row.size }))
    },
  }
}

function setOf({ items, ...row }: Selectable<Tables['evaluation_sets']>): EvaluationSet {
  return { ...factsOf(row), items: JSON.parse(items) as readonly LabelledScore[] }
}

function factsOf(row: Omit<Selectable<Tables['evaluation_sets']>, 'items' | 'size'>): Omit<EvaluationSet, 'items'> {
  const { name, version, principal_group: group, direction, rule, digest, made, made_by: by } = row
  return { name, version, place: { group, direction, rule }, digest, made, by }
}
