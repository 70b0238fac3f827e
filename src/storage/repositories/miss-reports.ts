import type { Kysely } from 'kysely'
import type { MissReports, SealedReport } from '../../core/miss-reports.ts'
import type { Tables } from '../tables.ts'
import { pieceLength, type ForgettingParts } from './forgetting-parts.ts'
import { dayMilliseconds } from './owned-ids.ts'
import { createWrappedRows } from './wrapped-rows.ts'

const facts = ['id', 'principal', 'receipt', 'fault', 'made'] as const

export function createMissReports({ db, health, forgotten, now }: ForgettingParts): MissReports {
  return {
    ...createWrappedRows('miss_reports', { db, health }),
    async keep({ wrappedKey, ...report }, most) {
      const time = now()
      const made = new Date(time).toISOString()
      const row = { ...report, made, made_day: Math.floor(time / dayMilliseconds), wrapped_key: wrappedKey }
      return await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          if ((await countOf(transaction, report.principal)) >= most) return null
          await transaction.insertInto('miss_reports').values(row).execute()
          return { ...report, made, wrappedKey }
        }),
      )
    },
    async list(most) {
      const gone = await forgotten.all()
      const rows = await health.reads(() =>
        db.selectFrom('miss_reports').select(facts).orderBy('made').orderBy('id').limit(most).execute(),
      )
      const total = await health.reads(() => countOf(db, null))
      return { reports: rows.filter(({ id }) => !gone.has(id)), total }
    },
    async find(id) {
      if (await forgotten.has(id)) return null
      const row = await health.reads(() =>
        db
          .selectFrom('miss_reports')
          .select([...facts, 'wrapped_key as wrappedKey', 'sealed'])
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      return row === undefined ? null : (row satisfies SealedReport)
    },
    async forget(id) {
      const found = await health.reads(() =>
        db.selectFrom('miss_reports').select('id').where('id', '=', id).executeTakeFirst(),
      )
      if (found === undefined || (await forgotten.has(id))) return false
      // The note on the disk comes first: a copy of the storage that is put back later is held to it.
      await forgotten.add([id])
      await health.writes(() => removeReports(db, [id]))
      return true
    },
  }
}

/** How many there are of a principal; null for all. */
async function countOf(db: Kysely<Tables>, principal: string | null): Promise<number> {
  const { count } = await db
    .selectFrom('miss_reports')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .$if(principal !== null, (query) => query.where('principal', '=', principal))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Takes the keys and the texts of reports away. */
export async function removeReports(db: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += pieceLength) {
    await db
      .deleteFrom('miss_reports')
      .where('id', 'in', ids.slice(at, at + pieceLength))
      .execute()
  }
}
