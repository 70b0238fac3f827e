import type { Kysely, Selectable } from 'kysely'
import type { ComplaintFacts, ComplaintFilter, Complaints, SealedComplaint } from '../../core/complaints.ts'
import { passingActions } from '../../core/recorded-decisions.ts'
import type { StorageHealth } from '../health.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { StorageTime } from '../storage-time.ts'
import type { Tables } from '../tables.ts'
import { decisionsOf } from '../tuning/decision-rows.ts'
import { dayMilliseconds } from './owned-ids.ts'
import { pieceLength } from './forgetting-parts.ts'
import { createWrappedRows } from './wrapped-rows.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly time: StorageTime
}

type Kept = Awaited<ReturnType<Complaints['keep']>>
type Given = Omit<SealedComplaint, 'made' | 'state'>

/** What callers say: of each thing a principal once, and so often a day, whichever process it is said to. */
export function createComplaints({ db, health, time }: Parts): Complaints {
  return {
    ...createWrappedRows('complaints', { db, health }),
    async keep(complaint, mostADay) {
      // A flood is answered by reading, and holds up nobody who writes.
      const found = await health.reads(async () => hindrance(db, complaint, { mostADay, now: await time(db) }))
      if (found !== null) return found
      return await health.writes(() =>
        db.transaction().execute(async (transaction): Promise<Kept> => {
          await oneAtATime(transaction)
          const now = await time(transaction)
          const meanwhile = await hindrance(transaction, complaint, { mostADay, now })
          if (meanwhile !== null) return meanwhile
          const row = rowOf(complaint, now)
          await transaction.insertInto('complaints').values(row).execute()
          const rules = await actedRules(transaction, complaint.decision)
          if (rules.length > 0) {
            const values = rules.map((rule) => ({ complaint: complaint.id, rule }))
            await transaction.insertInto('complaint_rules').values(values).execute()
          }
          return { outcome: 'kept', complaint: factsOf(row) }
        }),
      )
    },
    async list(filter, most) {
      return await health.reads(async () => {
        const rows = await filtered(db, filter).selectAll().orderBy('made').orderBy('id').limit(most).execute()
        const { count } = await filtered(db, filter)
          .select((select) => select.fn.countAll<number | string>().as('count'))
          .executeTakeFirstOrThrow()
        return { complaints: rows.map(factsOf), total: Number(count) }
      })
    },
    async find(id) {
      const row = await health.reads(() =>
        db.selectFrom('complaints').selectAll().where('id', '=', id).executeTakeFirst(),
      )
      return row === undefined ? null : { ...factsOf(row), wrappedKey: row.wrapped_key, sealed: row.sealed }
    },
    async madeBy(principal, since) {
      const rows = await health.reads(() =>
        db
          .selectFrom('complaints')
          .selectAll()
          .where('principal', '=', principal)
          // By the days, which the index has.
          .where('made_day', '>=', Math.floor(Date.parse(since) / dayMilliseconds))
          .where('made', '>=', new Date(since).toISOString())
          .orderBy('made')
          .orderBy('id')
          .execute(),
      )
      return rows.map(factsOf)
    },
    async settle(id, state) {
      const { numUpdatedRows } = await health.writes(() =>
        db
          .updateTable('complaints')
          .set({ state })
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .executeTakeFirstOrThrow(),
      )
      return numUpdatedRows > 0n
    },
    async complainers({ group, rule }, since, until) {
      const rows = await health.reads(() =>
        db
          .selectFrom('complaints as complaint')
          .innerJoin('complaint_rules as about', 'about.complaint', 'complaint.id')
          .select(['complaint.principal', (row) => row.fn.countAll<number | string>().as('count')])
          .where('about.rule', '=', rule)
          .where('complaint.principal_group', '=', group)
          .where('complaint.verdict', '=', 'down')
          .where('complaint.made', '>=', new Date(since).toISOString())
          .$if(until !== undefined, (query) => query.where('complaint.made', '<', new Date(until ?? '').toISOString()))
          .groupBy('complaint.principal')
          .orderBy('count', 'desc')
          .orderBy('complaint.principal')
          .execute(),
      )
      return rows.map(({ principal, count }) => ({ principal, count: Number(count) }))
    },
    async daily(group, since) {
      const rows = await health.reads(() =>
        db
          .selectFrom('complaints')
          .select((row) => [
            row.fn<string>('substr', ['made', row.lit(1), row.lit(10)]).as('day'),
            'reason',
            row.fn.countAll<number | string>().as('count'),
          ])
          .where('verdict', '=', 'down')
          .where('made', '>=', new Date(since).toISOString())
          .$if(group !== null, (query) => query.where('principal_group', '=', group ?? ''))
          .groupBy(['day', 'reason'])
          .orderBy('day')
          .orderBy('reason')
          .execute(),
      )
      return rows.map(({ day, reason, count }) => ({ day, reason, count: Number(count) }))
    },
  }
}

/** What one is about: the decision that is appealed, or the answer that a thumb is for, where it has one. */
function aboutOf({ kind, decision, answer }: Pick<ComplaintFacts, 'kind' | 'decision' | 'answer'>): string {
  return (kind === 'appeal' ? (decision ?? answer) : (answer ?? decision)) ?? ''
}

/** Why one is not kept; null where it is to be. */
async function hindrance(
  db: Kysely<Tables>,
  complaint: Given,
  { mostADay, now }: { readonly mostADay: number; readonly now: number },
): Promise<Kept | null> {
  const earlier = await db
    .selectFrom('complaints')
    .selectAll()
    .where('principal', '=', complaint.principal)
    .where('kind', '=', complaint.kind)
    .where('about', '=', aboutOf(complaint))
    .executeTakeFirst()
  if (earlier !== undefined) return { outcome: 'repeated', complaint: factsOf(earlier) }
  const { count } = await db
    .selectFrom('complaints')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('principal', '=', complaint.principal)
    .where('made_day', '=', Math.floor(now / dayMilliseconds))
    .executeTakeFirstOrThrow()
  return Number(count) >= mostADay ? { outcome: 'limit', complaint: null } : null
}

/** Rules that have acted in a decision; none where it is not recorded. */
async function actedRules(db: Kysely<Tables>, decision: string | null): Promise<readonly string[]> {
  const [recorded] = decision === null ? [] : await decisionsOf(db, [decision])
  const acted = recorded?.scores.filter(({ effective }) => !passingActions.some((passing) => passing === effective))
  return acted?.map(({ rule }) => rule) ?? []
}

function filtered(db: Kysely<Tables>, filter: ComplaintFilter) {
  const { group, kind, state, reason, rule, verdict, since, until } = filter
  return db
    .selectFrom('complaints')
    .$if(group !== null, (query) => query.where('principal_group', '=', group ?? ''))
    .$if(kind !== null, (query) => query.where('kind', '=', kind ?? 'thumb'))
    .$if(state !== null, (query) => query.where('state', '=', state ?? 'waiting'))
    .$if(verdict !== undefined, (query) => query.where('verdict', '=', verdict ?? 'down'))
    .$if(since !== undefined, (query) => query.where('made', '>=', new Date(since ?? '').toISOString()))
    .$if(until !== undefined, (query) => query.where('made', '<', new Date(until ?? '').toISOString()))
    .$if(reason !== null, (query) => query.where('reason', '=', reason ?? 'other'))
    .$if(rule !== null, (query) =>
      query.where((where) =>
        where.exists(
          where
            .selectFrom('complaint_rules as about')
            .select('about.rule')
            .whereRef('about.complaint', '=', 'complaints.id')
            .where('about.rule', '=', rule ?? ''),
        ),
      ),
    )
}

function rowOf({ group, wrappedKey, ...given }: Given, now: number): Selectable<Tables['complaints']> {
  return {
    ...given,
    principal_group: group,
    about: aboutOf(given),
    state: 'waiting',
    made: new Date(now).toISOString(),
    made_day: Math.floor(now / dayMilliseconds),
    wrapped_key: wrappedKey,
  }
}

function factsOf(row: Selectable<Tables['complaints']>): ComplaintFacts {
  const { id, kind, verdict, reason, principal, decision, answer, state, made } = row
  return { id, kind, verdict, reason, principal, group: row.principal_group, decision, answer, state, made }
}

/** Takes complaints away, with their comments and the keys of these. Within a transaction of the caller. */
export async function removeComplaints(db: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += pieceLength) {
    const piece = ids.slice(at, at + pieceLength)
    await db.deleteFrom('complaints').where('id', 'in', piece).execute()
    await db.deleteFrom('complaint_rules').where('complaint', 'in', piece).execute()
  }
}
