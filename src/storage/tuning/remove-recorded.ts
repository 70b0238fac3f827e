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

/** Takes away what is recorded of conversations; how many decisions there were. Within a transaction of the caller. */
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
    await removeDecisions(
      db,
      found.map(({ id }) => id),
    )
    removed += found.length
  }
  return removed
}
