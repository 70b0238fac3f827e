import { type Kysely, sql } from 'kysely'
import { pieceLength } from '../repositories/forgetting-parts.ts'
import type { Tables } from '../tables.ts'

/** Takes decisions away, with their scores, texts and the keys of these. Within a transaction of the caller. */
export async function removeDecisions(db: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += pieceLength) {
    const piece = ids.slice(at, at + pieceLength)
    await db.deleteFrom('recorded_samples').where('id', 'in', piece).execute()
    await db
      .deleteFrom('recorded_scores')
      .where((where) =>
        where(
          where.refTuple('place', 'made', 'decision'),
          'in',
          where
            .selectFrom('recorded_decisions as recorded')
            .innerJoin('recorded_places as each', (join) =>
              join
                .onRef('each.principal_group', '=', 'recorded.principal_group')
                .onRef('each.direction', '=', 'recorded.direction'),
            )
            .select(['each.id', 'recorded.made', 'recorded.id as decision'])
            .where('recorded.id', 'in', piece)
            .$asTuple('id', 'made', 'decision'),
        ),
      )
      .execute()
    await db.deleteFrom('recorded_decisions').where('id', 'in', piece).execute()
  }
}

/**
 * Takes away what is recorded of conversations, and what their callers wrote about it: how many decisions there were. Within a
 * transaction of the caller.
 */
export async function removeRecordedOf(db: Kysely<Tables>, conversations: readonly string[]): Promise<number> {
  let removed = 0
  for (let at = 0; at < conversations.length; at += pieceLength) {
    const found = await db
      .selectFrom('recorded_decisions')
      .select('id')
      .where('conversation', 'in', conversations.slice(at, at + pieceLength))
      // The index has those alone that belong to one.
      .where(sql<boolean>`conversation is not null`)
      .execute()
    const ids = found.map(({ id }) => id)
    await removeComments(db, ids)
    await removeDecisions(db, ids)
    removed += found.length
  }
  return removed
}

/**
 * Takes away what was written in complaints about decisions, with its keys. That somebody has complained stays: who has may
 * not loosen the rule, and gets around that by deleting no conversation.
 */
async function removeComments(db: Kysely<Tables>, decisions: readonly string[]): Promise<void> {
  for (let at = 0; at < decisions.length; at += pieceLength) {
    const piece = decisions.slice(at, at + pieceLength)
    await db
      .updateTable('complaints')
      .set({ wrapped_key: '', sealed: '' })
      // Whoever complains of a decision is who it is about; the index is by that.
      .where('principal', 'in', (where) =>
        where.selectFrom('recorded_decisions').select('principal').where('id', 'in', piece),
      )
      .where('decision', 'in', piece)
      .execute()
  }
}
