import type { Kysely, Transaction } from 'kysely'
import type { MaskedConversations } from '../../core/masked-conversations.ts'
import type { Tables } from '../tables.ts'
import { removeRecordedOf } from '../tuning/remove-recorded.ts'
import { pieceLength, type ForgettingParts } from './forgetting-parts.ts'
import { dayMilliseconds } from './owned-ids.ts'
import { createWrappedRows } from './wrapped-rows.ts'

export function createMaskedConversations({ db, health, forgotten, now }: ForgettingParts): MaskedConversations {
  const today = (): number => Math.floor(now() / dayMilliseconds)

  /** The note on the disk comes first: a copy of the storage that is put back later is held to it. */
  const forget = async (ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return
    await forgotten.add(ids)
    await health.writes(() => removeConversations(db, ids))
  }

  return {
    ...createWrappedRows('masked_conversations', { db, health }),
    async find({ principal, upstream, id }) {
      const conversation = await health.reads(() =>
        db
          .selectFrom('masked_answers as answer')
          .innerJoin('masked_conversations as conversation', 'conversation.id', 'answer.conversation')
          .select(['conversation.id', 'conversation.wrapped_key as wrappedKey'])
          .where('answer.upstream', '=', upstream)
          .where('answer.id', '=', id)
          .where('conversation.principal', '=', principal)
          .executeTakeFirst(),
      )
      if (conversation === undefined || (await forgotten.has(conversation.id))) return null
      const values = await health.reads(() =>
        db
          .selectFrom('masked_values')
          .select(['token', 'sealed'])
          .where('conversation', '=', conversation.id)
          .orderBy('place')
          .execute(),
      )
      return { conversation, values }
    },
    async keep({ id, principal, wrappedKey }, values) {
      await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          await transaction
            .insertInto('masked_conversations')
            .values({ id, principal, wrapped_key: wrappedKey, used_day: today() })
            .onConflict((conflict) => conflict.column('id').doUpdateSet({ used_day: today() }))
            .execute()
          await putValues(transaction, id, values)
        }),
      )
    },
    async answered(conversation, upstream, ids) {
      const [answer] = ids
      if (answer === undefined) return
      const rows = ids.map((id) => ({ upstream, id, conversation, part_of: id === answer ? null : answer }))
      await health.writes(() =>
        db
          .insertInto('masked_answers')
          .values(rows)
          .onConflict((conflict) => conflict.columns(['upstream', 'id']).doNothing())
          .execute(),
      )
    },
    async forgetAnswer(upstream, id) {
      const orphans = await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          const removed = await transaction
            .deleteFrom('masked_answers')
            .where('upstream', '=', upstream)
            .where((row) => row.or([row('id', '=', id), row('part_of', '=', id)]))
            .returning('conversation')
            .execute()
          const ids = [...new Set(removed.map(({ conversation }) => conversation))]
          if (ids.length === 0) return []
          const others = await transaction
            .selectFrom('masked_answers')
            .select('conversation')
            .where('conversation', 'in', ids)
            .execute()
          const kept = new Set(others.map(({ conversation }) => conversation))
          return ids.filter((conversation) => !kept.has(conversation))
        }),
      )
      await forget(orphans)
    },
    async forgetAll(principal) {
      const rows = await health.reads(() =>
        db.selectFrom('masked_conversations').select('id').where('principal', '=', principal).execute(),
      )
      await forget(rows.map(({ id }) => id))
      return rows.length
    },
  }
}

/** In their order, which decides what token a value gets where two would have the same. */
async function putValues(
  transaction: Transaction<Tables>,
  conversation: string,
  values: readonly { readonly token: string; readonly sealed: string }[],
): Promise<void> {
  const { count } = await transaction
    .selectFrom('masked_values')
    .select((row) => row.fn.countAll<number | string>().as('count'))
    .where('conversation', '=', conversation)
    .executeTakeFirstOrThrow()
  const rows = values.map(({ token, sealed }, index) => ({ conversation, token, sealed, place: Number(count) + index }))
  for (let at = 0; at < rows.length; at += pieceLength) {
    await transaction
      .insertInto('masked_values')
      .values(rows.slice(at, at + pieceLength))
      .onConflict((conflict) => conflict.columns(['conversation', 'token']).doNothing())
      .execute()
  }
}

/** Takes the keys and the values of conversations away, and what is recorded of them. */
export async function removeConversations(db: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += pieceLength) {
    const piece = ids.slice(at, at + pieceLength)
    await db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('masked_conversations').where('id', 'in', piece).execute()
      await transaction.deleteFrom('masked_values').where('conversation', 'in', piece).execute()
      await transaction.deleteFrom('masked_answers').where('conversation', 'in', piece).execute()
      await removeRecordedOf(transaction, piece)
    })
  }
}
