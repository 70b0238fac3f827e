import type { Kysely } from 'kysely'
import type { StoredConversations } from '../../core/conversations.ts'
import { conversationOf, isBusy, itemsOf, placeItems, takePlaces } from '../history/conversation-rows.ts'
import type { Tables } from '../tables.ts'
import { removeSharesOf } from './shares.ts'
import { removeRecordedOf } from '../tuning/remove-recorded.ts'
import { createConversationRuns, exclusiveIn, type HistoryParts } from './conversation-runs.ts'
import { pieceLength } from './forgetting-parts.ts'
import { createWrappedRows } from './wrapped-rows.ts'

/** Conversations with what was said in them; see `createConversationRuns` for their runs. */
export function createConversations(parts: HistoryParts): StoredConversations {
  const { db, health, forgotten, now, lease, scrub } = parts
  const iso = (): string => new Date(now()).toISOString()
  const page = async (
    principal: string,
    { after, most }: { readonly after?: string | undefined; readonly most: number },
  ) => {
    const gone = await forgotten.all()
    const rows = await health.reads(() =>
      db
        .selectFrom('conversations')
        .selectAll()
        .where('principal', '=', principal)
        .$if(after !== undefined, (query) => query.where('id', '<', after ?? ''))
        .orderBy('id', 'desc')
        .limit(most)
        .execute(),
    )
    return rows.filter(({ id }) => !gone.has(id)).map(conversationOf)
  }
  return {
    ...createWrappedRows('conversations', { db, health }),
    ...createConversationRuns(parts),
    async create({ id, principal, wrappedKey, sealed }, items) {
      const time = iso()
      const row = { id, principal, wrapped_key: wrappedKey, made: time, used: time, next_place: items.length, sealed }
      await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          await transaction.insertInto('conversations').values(row).execute()
          await placeItems(transaction, { conversation: id, run: null, time, from: 0 }, items)
        }),
      )
      return conversationOf(row)
    },
    async show(principal, id) {
      const row = await health.reads(() =>
        db
          .selectFrom('conversations')
          .selectAll()
          .where('id', '=', id)
          .where('principal', '=', principal)
          .executeTakeFirst(),
      )
      return row === undefined || (await forgotten.has(id)) ? null : conversationOf(row)
    },
    async latest(principal) {
      const gone = await forgotten.all()
      const rows = await health.reads(() =>
        db
          .selectFrom('conversations')
          .selectAll()
          .where('principal', '=', principal)
          .orderBy('used', 'desc')
          .orderBy('id', 'desc')
          .limit(20)
          .execute(),
      )
      const row = rows.find(({ id }) => !gone.has(id))
      return row === undefined ? null : conversationOf(row)
    },
    list: page,
    async change(principal, id, sealed, was) {
      const { numUpdatedRows } = await health.writes(() =>
        db
          .updateTable('conversations')
          .set({ sealed })
          .where('id', '=', id)
          .where('principal', '=', principal)
          .$if(was !== undefined, (query) => query.where('sealed', '=', was ?? ''))
          .executeTakeFirstOrThrow(),
      )
      return numUpdatedRows > 0n
    },
    async delete(principal, id) {
      const found = await health.reads(() =>
        db
          .selectFrom('conversations')
          .select('id')
          .where('id', '=', id)
          .where('principal', '=', principal)
          .executeTakeFirst(),
      )
      if (found === undefined || (await forgotten.has(id))) return false
      // The note on the disk comes first: a copy of the storage that is put back later is held to it.
      await forgotten.add([id])
      await health.writes(() => removeHistory(db, [id]))
      await scrub()
      return true
    },
    async add(principal, id, items) {
      const adding = () =>
        health.writes(() =>
          db.transaction().execute(async (transaction) => {
            const time = iso()
            const from = await takePlaces(transaction, { id, principal, count: items.length, time })
            if (from === null) return null
            if (await exclusiveIn(transaction, id)) throw isBusy(id)
            return placeItems(transaction, { conversation: id, run: null, time, from }, items)
          }),
        )
      if (await forgotten.has(id)) return null
      try {
        return await adding()
      } catch (thrown) {
        const isConflict = (thrown as { readonly code?: unknown }).code === 'conflict'
        if (!isConflict || (await lease.settleDead({ again: true })) === 0) throw thrown
        return await adding()
      }
    },
    async items(conversation, { after, most, order }) {
      const places = db
        .selectFrom('conversation_items')
        .select('place')
        .where('conversation', '=', conversation)
        .where('piece', '=', 0)
        .$if(after !== null, (query) => query.where('place', order === 'asc' ? '>' : '<', after ?? 0))
        .orderBy('place', order)
        .limit(most)
      const rows = await health.reads(() =>
        db
          .selectFrom('conversation_items')
          .selectAll()
          .where('conversation', '=', conversation)
          .where('place', 'in', places)
          .orderBy('place', order)
          .orderBy('piece')
          .execute(),
      )
      return itemsOf(rows)
    },
    async deleteItem(principal, conversation, place) {
      const owned = db
        .selectFrom('conversations')
        .select('id')
        .where('id', '=', conversation)
        .where('principal', '=', principal)
      const { numDeletedRows } = await health.writes(() =>
        db
          .deleteFrom('conversation_items')
          .where('conversation', 'in', owned)
          .where('place', '=', place)
          .executeTakeFirstOrThrow(),
      )
      return numDeletedRows > 0n
    },
  }
}

/** Takes the keys of conversations away, all that is in them, what was shared of them, and what is recorded of them. */
export async function removeHistory(db: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += pieceLength) {
    const piece = ids.slice(at, at + pieceLength)
    await db.transaction().execute(async (transaction) => {
      // Their rows come first: whoever adds to one at the same moment has locked it, and is waited for.
      await transaction.deleteFrom('conversations').where('id', 'in', piece).execute()
      await transaction.deleteFrom('conversation_runs').where('conversation', 'in', piece).execute()
      await transaction.deleteFrom('conversation_items').where('conversation', 'in', piece).execute()
      await removeSharesOf(transaction, piece)
      await removeRecordedOf(transaction, piece)
    })
  }
}
