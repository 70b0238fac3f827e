import { type Kysely, sql } from 'kysely'
import type { KeptBy, KeptValues } from '../../core/kept-values.ts'
import type { ForgottenIds } from '../forgotten-ids.ts'
import type { StorageHealth } from '../health.ts'
import type { Tables } from '../tables.ts'
import { removeConversations } from './masked-conversations.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** What has been forgotten by this machine, whatever the storage says. */
  readonly forgotten: ForgottenIds
}

export function createKeptValues({ db, health, forgotten }: Parts): KeptValues {
  return {
    async page(by, { after, most }) {
      return await health.reads(() =>
        conversationsOf(db, by)
          .innerJoin('masked_values as kept', 'kept.conversation', 'conversation.id')
          .select(['kept.conversation', 'conversation.wrapped_key as wrappedKey', 'kept.token', 'kept.sealed'])
          .$if(after !== null && after.token === null, (query) =>
            query.where('kept.conversation', '>', after?.conversation ?? ''),
          )
          .$if(after !== null && after.token !== null, (query) =>
            query.where(
              sql<boolean>`(kept.conversation, kept.token) > (${after?.conversation ?? ''}, ${after?.token ?? ''})`,
            ),
          )
          .orderBy('kept.conversation')
          .orderBy('kept.token')
          .limit(most)
          .execute(),
      )
    },
    async forget(by, conversation) {
      const found = await health.reads(() =>
        conversationsOf(db, by)
          .select('conversation.id')
          .where('conversation.id', '=', conversation)
          .executeTakeFirst(),
      )
      if (found === undefined || (await forgotten.has(conversation))) return false
      // The note on the disk comes first: a copy of the storage that is put back later is held to it.
      await forgotten.add([conversation])
      await health.writes(() => removeConversations(db, [conversation]))
      return true
    },
  }
}

/** A key that was revoked is of its group still; one that is forgotten is of none. */
function conversationsOf(db: Kysely<Tables>, by: KeptBy) {
  const all = db.selectFrom('masked_conversations as conversation')
  if (by.of === 'all') return all
  if (by.of === 'own') return all.where('conversation.principal', '=', by.principal)
  const ofGroup = db.selectFrom('api_keys').select('api_keys.id').where('api_keys.key_group', '=', by.group)
  return all.where('conversation.principal', 'in', ofGroup)
}
