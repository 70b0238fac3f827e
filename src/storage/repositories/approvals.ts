import type { ExpressionBuilder, Kysely, Selectable } from 'kysely'
import { ServiceError } from '../../core/errors.ts'
import type { ApprovalFacts, ApprovalState, SealedApproval, StoredApprovals } from '../../core/approvals.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { Tables } from '../tables.ts'
import type { ForgettingParts } from './forgetting-parts.ts'
import { createWrappedRows } from './wrapped-rows.ts'

type Row = Selectable<Tables['approvals']>

/** Clocks of machines may differ by so much: what was asked later than that was asked before a clock was put back. */
const clockMilliseconds = 60_000
/** So many are ended in one transaction, which waits until each is told. */
const mostEnded = 20

/**
 * Approvals, of which one is open for what one principal asked: an index of the storage sees to that, whoever asks at the
 * same time. One that was used is noted beside the storage, too, so that a copy of before that is put back allows nothing
 * again.
 */
export function createApprovals({ db, health, forgotten, now }: ForgettingParts): StoredApprovals {
  /** One row of what it says, with what was noted beside the storage. */
  const told = async (row: Row, time: number): Promise<SealedApproval> =>
    sealedOf(row, time, await forgotten.has(row.id))
  return {
    ...createWrappedRows('approvals', { db, health }),
    async ask(approval, { milliseconds, most }) {
      const time = now()
      const row = rowOf(approval, { asked: time, expires: time + milliseconds })
      const kept = await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          await oneAtATime(transaction)
          const open = await openOf(transaction, approval)
          if (open !== undefined) return open
          if ((await countPending(transaction, approval.principal, time)) >= most) return null
          await transaction.insertInto('approvals').values(row).execute()
          return row
        }),
      )
      return kept === null ? null : await told(kept, time)
    },
    async take(principal, digest) {
      const time = now()
      const gone = await forgotten.all()
      const row = await health.writes(() =>
        db
          .updateTable('approvals')
          .set({ state: 'used' })
          .where('principal', '=', principal)
          .where('digest', '=', digest)
          .where('state', '=', 'allowed')
          .where((where) => inTime(where, time))
          .returningAll()
          .executeTakeFirst(),
      )
      if (row === undefined || gone.has(row.id)) return null
      // Nothing runs before the note is on the disk, to which a copy of before is held.
      await forgotten.add([row.id])
      return await told(row, time)
    },
    async show(id) {
      const row = await health.reads(() => rowById(db, id))
      return row === undefined ? null : await told(row, now())
    },
    async list({ principal, group, waiting = false, after, most }) {
      const time = now()
      const gone = await forgotten.all()
      const last = after === undefined ? undefined : await health.reads(() => rowById(db, after))
      if (after !== undefined && (last === undefined || (principal !== undefined && last.principal !== principal))) {
        throw noApproval(after)
      }
      const rows = await health.reads(() =>
        db
          .selectFrom('approvals')
          .selectAll()
          .$if(principal !== undefined, (query) => query.where('principal', '=', principal ?? ''))
          .$if(group !== undefined, (query) => query.where('principal_group', '=', group ?? ''))
          .$if(waiting, (query) => query.where('state', '=', 'pending').where((where) => inTime(where, time)))
          .$if(last !== undefined, (query) =>
            query.where((where) =>
              where.or([
                where('asked', '<', last?.asked ?? ''),
                where.and([where('asked', '=', last?.asked ?? ''), where('id', '<', last?.id ?? '')]),
              ]),
            ),
          )
          .orderBy('asked', 'desc')
          .orderBy('id', 'desc')
          .limit(most)
          .execute(),
      )
      return rows.map((row) => factsOf(row, time, gone.has(row.id)))
    },
    async endOver(tell) {
      const time = now()
      return await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          const over = transaction
            .selectFrom('approvals')
            .select('id')
            .where('state', 'in', ['pending', 'allowed'])
            .where((where) => where.not(inTime(where, time)))
            .limit(mostEnded)
          const ended = await transaction
            .updateTable('approvals')
            .set({ state: 'expired' })
            .where('id', 'in', over)
            .where('state', 'in', ['pending', 'allowed'])
            .returningAll()
            .execute()
          for (const row of ended) await tell(factsOf(row, time, false))
          return ended.length
        }),
      )
    },
    async decide(id, verdict, by) {
      const time = now()
      const changes =
        typeof verdict === 'string' ? { state: verdict } : { state: 'refused' as const, sealed: verdict.refusedWith }
      const decided = await health.writes(() =>
        db
          .updateTable('approvals')
          .set({ ...changes, decided_by: by })
          .where('id', '=', id)
          .where('state', '=', 'pending')
          .where((where) => inTime(where, time))
          .returningAll()
          .executeTakeFirst(),
      )
      if (decided !== undefined) return factsOf(decided, time, false)
      const row = await health.reads(() => rowById(db, id))
      if (row === undefined) throw noApproval(id)
      throw new ServiceError('conflict', `The approval "${id}" ${whyNot(await told(row, time))}.`, {
        advice: 'Whoever asked has to ask again, which makes another one.',
      })
    },
  }
}

/** Nothing that is open goes on after a restore, or in a storage that was put back: it may have been used or refused since. */
export async function refuseOpenApprovals(db: Kysely<Tables>): Promise<void> {
  await db
    .updateTable('approvals')
    .set({ state: 'refused', decided_by: 'restore' })
    .where('state', 'in', ['pending', 'allowed'])
    .execute()
}

function inTime(where: ExpressionBuilder<Tables, 'approvals'>, time: number) {
  return where.and([
    where('expires', '>', new Date(time).toISOString()),
    where('asked', '<=', new Date(time + clockMilliseconds).toISOString()),
  ])
}

function openOf(db: Kysely<Tables>, { principal, digest }: Pick<ApprovalFacts, 'principal' | 'digest'>) {
  return db
    .selectFrom('approvals')
    .selectAll()
    .where('principal', '=', principal)
    .where('digest', '=', digest)
    .where('state', 'in', ['pending', 'allowed'])
    .executeTakeFirst()
}

async function countPending(db: Kysely<Tables>, principal: string, time: number): Promise<number> {
  const { count } = await db
    .selectFrom('approvals')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('principal', '=', principal)
    .where('state', '=', 'pending')
    .where((where) => inTime(where, time))
    .executeTakeFirstOrThrow()
  return Number(count)
}

function rowById(db: Kysely<Tables>, id: string) {
  return db.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst()
}

function rowOf(
  approval: Omit<SealedApproval, 'asked' | 'expires' | 'state' | 'decidedBy'>,
  { asked, expires }: { readonly asked: number; readonly expires: number },
): Row {
  const { id, principal, group, digest, tool, language, source, rules, requestId, wrappedKey, sealed } = approval
  return {
    id,
    principal,
    principal_group: group,
    digest,
    tool,
    language,
    source,
    rules: JSON.stringify(rules),
    request_id: requestId,
    asked: new Date(asked).toISOString(),
    expires: new Date(expires).toISOString(),
    state: 'pending',
    decided_by: null,
    wrapped_key: wrappedKey,
    sealed,
  }
}

function factsOf(row: Row, time: number, wasUsed: boolean): ApprovalFacts {
  const { id, principal, principal_group: group, digest, tool, language, source } = row
  return {
    id,
    principal,
    group,
    digest,
    tool,
    language,
    source,
    rules: (JSON.parse(row.rules) as readonly unknown[]).map(String),
    requestId: row.request_id,
    asked: new Date(row.asked),
    expires: new Date(row.expires),
    state: wasUsed ? 'used' : stateOf(row, time),
    decidedBy: row.decided_by,
  }
}

function sealedOf(row: Row, time: number, wasUsed: boolean): SealedApproval {
  return { ...factsOf(row, time, wasUsed), wrappedKey: row.wrapped_key, sealed: row.sealed }
}

function stateOf({ state, asked, expires }: Row, time: number): ApprovalState {
  if (state !== 'pending' && state !== 'allowed') return state
  const isOver = Date.parse(expires) <= time || Date.parse(asked) > time + clockMilliseconds
  return isOver ? 'expired' : state
}

function whyNot({ state, decidedBy }: ApprovalFacts): string {
  const whom = decidedBy === null ? '' : ` by ${decidedBy}`
  const told: Readonly<Record<ApprovalState, string>> = {
    pending: 'is being decided by somebody else',
    allowed: `was allowed${whom} already`,
    refused: `was refused${whom} already`,
    used: 'was used already',
    expired: 'is over: nobody decided in time, or it was not used',
  }
  return told[state]
}

function noApproval(id: string): ServiceError {
  return new ServiceError('not-found', `There is no approval "${id.slice(0, 100)}".`, {
    advice: '"sallyport approvals list" shows those that wait.',
  })
}
