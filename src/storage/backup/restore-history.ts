import type { Transaction } from 'kysely'
import type { StoredCopy } from '../embedded/stored-copy.ts'
import type { Tables } from '../tables.ts'

export interface RestoredHistory {
  /** Conversations, and files, that the storage did not have. */
  readonly addedConversations: number
  readonly addedFiles: number
}

interface Restoring {
  readonly copy: StoredCopy
  /** Ids of what was deleted, which stays deleted. */
  readonly forgotten: ReadonlySet<string>
  readonly time: string
}

/**
 * Puts conversations and files of a backup where the storage has none of the same id: what it has, it knows better. What ran when the backup was made is
 * interrupted.
 */
export async function restoreHistory(db: Transaction<Tables>, restoring: Restoring): Promise<RestoredHistory> {
  const { copy, forgotten, time } = restoring
  const added = new Set<string>()
  for (const row of copy.rows('conversations')) {
    if (forgotten.has(row.id)) continue
    const { numInsertedOrUpdatedRows = 0n } = await db
      .insertInto('conversations')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows > 0n) added.add(row.id)
  }
  for (const row of copy.rows('conversation_runs')) {
    if (!added.has(row.conversation)) continue
    const isOver = row.state !== 'running'
    const settled = isOver ? row : { ...row, state: 'interrupted' as const, ended: time }
    await db
      .insertInto('conversation_runs')
      .values(settled)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  for (const row of copy.rows('conversation_items')) {
    if (added.has(row.conversation)) await db.insertInto('conversation_items').values(row).execute()
  }
  await restoreShares(db, { copy, forgotten, added })
  return { addedConversations: added.size, addedFiles: await restoreFiles(db, restoring) }
}

/** Those of conversations that were put back: what was revoked stays so, and so does what is gone with a conversation that is still there. */
async function restoreShares(
  db: Transaction<Tables>,
  { copy, forgotten, added }: Pick<Restoring, 'copy' | 'forgotten'> & { readonly added: ReadonlySet<string> },
): Promise<void> {
  const shares = new Set<string>()
  for (const row of copy.rows('shares')) {
    if (!added.has(row.conversation) || forgotten.has(row.id)) continue
    await db.insertInto('shares').values(row).execute()
    shares.add(row.id)
  }
  for (const row of copy.rows('share_pieces')) {
    if (shares.has(row.share)) await db.insertInto('share_pieces').values(row).execute()
  }
}

async function restoreFiles(db: Transaction<Tables>, { copy, forgotten }: Restoring): Promise<number> {
  const contents = await restoreContents(db, copy)
  let added = 0
  for (const row of copy.rows('stored_files')) {
    const content = contents.get(row.content)
    if (forgotten.has(row.id) || content === undefined) continue
    const { numInsertedOrUpdatedRows = 0n } = await db
      .insertInto('stored_files')
      .values({ ...row, content })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows === 0n) continue
    added += 1
    await db
      .updateTable('file_contents')
      .set((set) => ({ uses: set('uses', '+', 1) }))
      .where('id', '=', content)
      .execute()
  }
  // Those whose files were all deleted since.
  const unused = await db
    .deleteFrom('file_contents')
    .where('uses', '=', 0)
    .where('owner', 'is', null)
    .returning('id')
    .execute()
  for (const { id } of unused) await db.deleteFrom('content_pieces').where('content', '=', id).execute()
  return added
}

/** By the id of a content in the backup, that of the storage: the same one, or one that its principal has with the same digest. */
async function restoreContents(db: Transaction<Tables>, copy: StoredCopy): Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, string>()
  const added = new Set<string>()
  for (const row of copy.rows('file_contents')) {
    const present = await db
      .selectFrom('file_contents')
      .select('id')
      .where((where) =>
        where.or([
          where('id', '=', row.id),
          where.and([where('principal', '=', row.principal), where('digest', '=', row.digest)]),
        ]),
      )
      .executeTakeFirst()
    known.set(row.id, present?.id ?? row.id)
    if (present !== undefined) continue
    await db
      .insertInto('file_contents')
      .values({ ...row, uses: 0 })
      .execute()
    added.add(row.id)
  }
  for (const row of copy.rows('content_pieces')) {
    if (added.has(row.content)) await db.insertInto('content_pieces').values(row).execute()
  }
  return known
}
