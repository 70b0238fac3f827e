import type { Kysely } from 'kysely'
import type { RunFacts, RunState, SealedRun, StoredConversations } from '../../core/conversations.ts'
import {
  isBusy,
  isDeleted,
  isFenced,
  isNotOurs,
  itemsOf,
  lostLease,
  noConversation,
  placeItems,
  runOf,
  takePlaces,
} from '../history/conversation-rows.ts'
import { holdsLease } from '../history/holds-lease.ts'
import type { ProcessLease } from '../history/process-lease.ts'
import type { Tables } from '../tables.ts'
import type { ForgettingParts } from './forgetting-parts.ts'

export interface HistoryParts extends ForgettingParts {
  readonly lease: ProcessLease
  /** Takes what was deleted out of the files of the storage, as far as they are its own. */
  readonly scrub: () => Promise<void>
}

type Runs = Pick<
  StoredConversations,
  | 'begin'
  | 'addToRun'
  | 'endRun'
  | 'leaveRun'
  | 'showRun'
  | 'lastRun'
  | 'runs'
  | 'runItems'
  | 'lineOf'
  | 'deleteRun'
  | 'askToCancel'
  | 'watchCancel'
>

/** More runs are not followed back. */
const longestLine = 10_000

/** Runs, each of the process that began it as long as it runs; what a dead process ran is told as interrupted by whoever looks. */
export function createConversationRuns({ db, health, forgotten, now, lease }: HistoryParts): Runs {
  /** Runs of this process, each with the lease under which it began: it is written under that one and no other. */
  const own = new Map<string, { readonly owner: string; readonly hold: Disposable }>()
  const ownerOf = async (id: string): Promise<string> => own.get(id)?.owner ?? (await lease.id())

  const find = (principal: string, id: string) =>
    health.reads(() =>
      db
        .selectFrom('conversation_runs')
        .selectAll()
        .where('id', '=', id)
        .where('principal', '=', principal)
        .executeTakeFirst(),
    )

  /** Does it run here, as far as this process knows? One that it has left runs no more, whatever the storage could take of that. */
  const runsHere = async ({ id, owner }: { readonly id: string; readonly owner: string | null }): Promise<boolean> =>
    !lease.isLeft(id) && owner === (await lease.id())

  /** As a run is told: one that was left is over. */
  const toldOf = (row: Parameters<typeof runOf>[0]): SealedRun =>
    runOf(row.state === 'running' && lease.isLeft(row.id) ? { ...row, state: 'interrupted', ended: isoOf(now()) } : row)

  /** A run of somebody who may have died is looked at again once that is settled. */
  const settled = async (principal: string, id: string): Promise<SealedRun | null> => {
    const row = await find(principal, id)
    if (row === undefined || (await forgotten.has(row.conversation))) return null
    if (row.state !== 'running' || (await runsHere(row))) return runOf(row)
    await lease.settleDead()
    const again = await find(principal, id)
    return again === undefined ? null : toldOf(again)
  }

  /** False where it was not running, or is not this process's. */
  const endOf = async (id: string, state: RunState, sealedEnd: string | null): Promise<boolean> => {
    const owner = await ownerOf(id)
    const ended = isoOf(now())
    const { numUpdatedRows } = await health.writes(() =>
      db
        .updateTable('conversation_runs')
        .set({ state, ended, sealed_end: sealedEnd })
        .where('id', '=', id)
        .where('owner', '=', owner)
        .where('state', '=', 'running')
        .executeTakeFirstOrThrow(),
    )
    own.get(id)?.hold[Symbol.dispose]()
    own.delete(id)
    return numUpdatedRows > 0n
  }

  const begin: Runs['begin'] = async (run, options) => {
    const hold = await lease.hold()
    try {
      const owner = await lease.id()
      const begun = await health.writes(() =>
        db.transaction().execute((transaction) => beginIn(transaction, { run, options, owner, time: isoOf(now()) })),
      )
      own.set(begun.id, { owner, hold })
      return begun
    } catch (thrown) {
      hold[Symbol.dispose]()
      throw thrown
    }
  }

  return {
    async begin(run, options) {
      try {
        return await begin(run, options)
      } catch (thrown) {
        // The one that runs there may be a dead process's, or one that was left here while the storage could not take that.
        if (isFenced(thrown)) await lease.beat()
        else if (!isConflict(thrown) || (await lease.settleDead({ again: true })) === 0) throw thrown
        return await begin(run, options)
      }
    },
    async addToRun(run, items) {
      const owner = await ownerOf(run.id)
      const time = isoOf(now())
      return await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          const { conversation: id, principal } = run
          const from = await takePlaces(transaction, { id, principal, count: items.length, time })
          if (from === null) throw isDeleted(run.id)
          if (!(await isRunning(transaction, run, owner))) throw isNotOurs(run.id)
          return placeItems(transaction, { conversation: id, run: run.id, time, from }, items)
        }),
      )
    },
    async endRun({ id, principal }, state, sealedEnd) {
      if (await endOf(id, state, sealedEnd)) return
      throw (await find(principal, id)) === undefined ? isDeleted(id) : isNotOurs(id)
    },
    async leaveRun({ id }) {
      const leave = async (): Promise<void> => void (await endOf(id, 'interrupted', null))
      await leave().catch(() => lease.doLater(id, leave))
    },
    showRun: settled,
    async lastRun(conversation) {
      const row = await health.reads(() =>
        db
          .selectFrom('conversation_runs')
          .selectAll()
          .where('conversation', '=', conversation)
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst(),
      )
      return row === undefined ? null : await settled(row.principal, row.id)
    },
    async runs(conversation, { after, most }) {
      const page = () =>
        health.reads(() =>
          db
            .selectFrom('conversation_runs')
            .selectAll()
            .where('conversation', '=', conversation)
            .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
            .orderBy('id')
            .limit(most)
            .execute(),
        )
      const rows = await page()
      const running = rows.filter(({ state }) => state === 'running')
      const mayBeDead = (await Promise.all(running.map(runsHere))).includes(false)
      if (mayBeDead) await lease.settleDead()
      return (mayBeDead ? await page() : rows).map(toldOf)
    },
    async runItems(runs) {
      const rows = await health.reads(() =>
        db
          .selectFrom('conversation_items')
          .selectAll()
          .where('run', 'in', [...runs])
          .orderBy('place')
          .orderBy('piece')
          .execute(),
      )
      return itemsOf(rows)
    },
    async lineOf(principal, id) {
      const line: string[] = []
      for (let next: string | null = id; next !== null && line.length < longestLine;) {
        const run: SealedRun | null = await settled(principal, next)
        if (run === null) break
        line.push(run.id)
        next = run.previous
      }
      return line
    },
    deleteRun: (principal, id) =>
      health.writes(() =>
        db.transaction().execute(async (transaction) => {
          const { numDeletedRows } = await transaction
            .deleteFrom('conversation_runs')
            .where('id', '=', id)
            .where('principal', '=', principal)
            .where('state', '!=', 'running')
            .executeTakeFirstOrThrow()
          if (numDeletedRows === 0n) return false
          await transaction.deleteFrom('conversation_items').where('run', '=', id).execute()
          return true
        }),
      ),
    async askToCancel(principal, id) {
      const run = await settled(principal, id)
      if (run === null || run.state !== 'running') return run?.state ?? null
      await health.writes(() =>
        db
          .updateTable('conversation_runs')
          .set({ cancel_asked: 1 })
          .where('id', '=', id)
          .where('principal', '=', principal)
          .execute(),
      )
      lease.cancelHere(id)
      return 'running'
    },
    watchCancel: (run, onStop) => lease.watchCancel(run, onStop),
  }
}

interface Beginning {
  readonly run: Parameters<Runs['begin']>[0]
  readonly options: Parameters<Runs['begin']>[1]
  readonly owner: string
  readonly time: string
}

async function beginIn(db: Kysely<Tables>, { run, options, owner, time }: Beginning): Promise<SealedRun> {
  const { create, isExclusive, items } = options
  const { conversation, principal } = run
  if (!(await holdsLease(db, owner))) throw lostLease()
  if (create !== null) {
    const { id, wrappedKey, sealed } = create
    const times = { made: time, used: time, next_place: 0 }
    await db
      .insertInto('conversations')
      .values({ id, principal, wrapped_key: wrappedKey, ...times, sealed })
      .execute()
  }
  const from = await takePlaces(db, { id: conversation, principal, count: items.length, time })
  if (from === null) throw noConversation(conversation)
  if (isExclusive && (await exclusiveIn(db, conversation))) throw isBusy(conversation)
  const row = {
    id: run.id,
    conversation,
    principal,
    previous: run.previous,
    state: 'running' as const,
    owner,
    exclusive: isExclusive ? 1 : 0,
    cancel_asked: 0,
    model: run.model,
    request_id: run.requestId,
    begun: time,
    ended: null,
    sealed: run.sealed,
    sealed_end: null,
  }
  await db.insertInto('conversation_runs').values(row).execute()
  await placeItems(db, { conversation, run: run.id, time, from }, items)
  return runOf(row)
}

/** Does a run that is the only one of its conversation run there? Whoever asks has locked the conversation. */
export async function exclusiveIn(db: Kysely<Tables>, conversation: string): Promise<boolean> {
  const running = await db
    .selectFrom('conversation_runs')
    .select('id')
    .where('conversation', '=', conversation)
    .where('state', '=', 'running')
    .where('exclusive', '=', 1)
    .executeTakeFirst()
  return running !== undefined
}

async function isRunning(db: Kysely<Tables>, { id }: RunFacts, owner: string): Promise<boolean> {
  const found = await db
    .selectFrom('conversation_runs')
    .select('id')
    .where('id', '=', id)
    .where('owner', '=', owner)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return found !== undefined && (await holdsLease(db, owner))
}

function isConflict(thrown: unknown): boolean {
  return (thrown as { readonly code?: unknown }).code === 'conflict'
}

const isoOf = (time: number): string => new Date(time).toISOString()
