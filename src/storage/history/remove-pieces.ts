import type { Kysely } from 'kysely'
import type { StorageHealth } from '../health.ts'
import type { Tables } from '../tables.ts'

/** So many pieces are removed by one statement, between which others write. */
const step = 32

/** Takes the bytes of contents away that are nobody's any more. */
export async function removePieces(
  { db, health }: { readonly db: Kysely<Tables>; readonly health: StorageHealth },
  contents: readonly string[],
): Promise<void> {
  for (const content of contents) {
    for (;;) {
      const places = db.selectFrom('content_pieces').select('place').where('content', '=', content).limit(step)
      const { numDeletedRows } = await health.writes(() =>
        db
          .deleteFrom('content_pieces')
          .where('content', '=', content)
          .where('place', 'in', places)
          .executeTakeFirstOrThrow(),
      )
      if (numDeletedRows < BigInt(step)) break
    }
  }
}

/** Contents whose pieces were left by a process that was killed while it removed them; at most so many. */
export async function orphanedContents(db: Kysely<Tables>, most: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('content_pieces as piece')
    .select('piece.content')
    .where('piece.place', '=', 0)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('file_contents as content')
            .select('content.id')
            .whereRef('content.id', '=', 'piece.content'),
        ),
      ),
    )
    .limit(most)
    .execute()
  return rows.map(({ content }) => content)
}
