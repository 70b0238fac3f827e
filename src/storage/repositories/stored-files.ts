import type { Kysely, Selectable } from 'kysely'
import { ServiceError } from '../../core/errors.ts'
import { filesFull, type FileLimits, type SealedFile, type StoredFiles } from '../../core/stored-files.ts'
import { lostLease } from '../history/conversation-rows.ts'
import { holdsLease } from '../history/holds-lease.ts'
import { removePieces } from '../history/remove-pieces.ts'
import type { Tables } from '../tables.ts'
import type { HistoryParts } from './conversation-runs.ts'
import { createWrappedRows } from './wrapped-rows.ts'

type Row = Selectable<Tables['stored_files']>

/** Files with their contents, which are kept in pieces: no row is large, and no more than a piece is in memory. */
export function createStoredFiles({ db, health, forgotten, now, lease, scrub }: HistoryParts): StoredFiles {
  /** Contents that this process writes, each with the lease under which that began. */
  const drafts = new Map<string, { readonly owner: string; readonly hold: Disposable }>()
  const ownerOf = async (content: string): Promise<string> => drafts.get(content)?.owner ?? (await lease.id())
  const time = (): string => new Date(now()).toISOString()
  const release = (content: string): void => {
    drafts.get(content)?.hold[Symbol.dispose]()
    drafts.delete(content)
  }
  const inForce = (principal: string) =>
    db
      .selectFrom('stored_files')
      .selectAll()
      .where('principal', '=', principal)
      .where((where) => where.or([where('expires', 'is', null), where('expires', '>', time())]))
  const find = async (principal: string, id: string): Promise<Row | null> => {
    const row = await health.reads(() => inForce(principal).where('id', '=', id).executeTakeFirst())
    return row === undefined || (await forgotten.has(id)) ? null : row
  }
  return {
    ...createWrappedRows('stored_files', { db, health }),
    contents: createWrappedRows('file_contents', { db, health }),
    async beginContent({ id, principal, wrappedKey }) {
      const hold = await lease.hold()
      const owner = await lease.id()
      drafts.set(id, { owner, hold })
      const row = { id, principal, digest: null, owner, bytes: 0, pieces: 0, uses: 0, wrapped_key: wrappedKey }
      try {
        await health.writes(() =>
          db.transaction().execute(async (transaction) => {
            if (!(await holdsLease(transaction, owner))) throw lostLease()
            await transaction.insertInto('file_contents').values(row).execute()
          }),
        )
      } catch (thrown) {
        release(id)
        throw thrown
      }
    },
    async putPiece(content, place, sealed) {
      await health.writes(() => db.insertInto('content_pieces').values({ content, place, sealed }).execute())
    },
    async dropContent(content) {
      try {
        const owner = await ownerOf(content)
        const { numDeletedRows } = await health.writes(() =>
          db.deleteFrom('file_contents').where('id', '=', content).where('owner', '=', owner).executeTakeFirstOrThrow(),
        )
        if (numDeletedRows > 0n) await removePieces({ db, health }, [content])
      } finally {
        release(content)
      }
    },
    async finish(file, content, limits) {
      const row = { ...rowOf(file), made: time() }
      const owner = await ownerOf(row.content)
      const finishing = () =>
        health.writes(() =>
          db.transaction().execute(async (transaction) => {
            await refuseMore(transaction, { row, limits, time: time() })
            const used = await useContent(transaction, { row, content, owner })
            await transaction
              .insertInto('stored_files')
              .values({ ...row, content: used })
              .execute()
            return used
          }),
        )
      // Two that are the same may be finished at the same moment; the second one finds the first.
      const used = await finishing().catch((thrown: unknown) => {
        if (!isTwin(thrown)) throw thrown
        return finishing()
      })
      if (used !== row.content) await removePieces({ db, health }, [row.content])
      release(row.content)
      return fileOf({ ...row, content: used })
    },
    async show(principal, id) {
      const row = await find(principal, id)
      return row === null ? null : fileOf(row)
    },
    async list(principal, { after, most, order, purpose, run, conversation }) {
      const gone = await forgotten.all()
      const rows = await health.reads(() =>
        inForce(principal)
          .$if(after !== undefined, (query) => query.where('id', order === 'asc' ? '>' : '<', after ?? ''))
          .$if(purpose !== undefined, (query) => query.where('purpose', '=', purpose ?? ''))
          .$if(run !== undefined, (query) => query.where('run', '=', run ?? ''))
          .$if(conversation !== undefined, (query) => query.where('conversation', '=', conversation ?? ''))
          .orderBy('id', order)
          .limit(most)
          .execute(),
      )
      return rows.filter(({ id }) => !gone.has(id)).map(fileOf)
    },
    async content(id) {
      const row = await health.reads(() =>
        db.selectFrom('file_contents').selectAll().where('id', '=', id).executeTakeFirst(),
      )
      if (row === undefined || row.digest === null) return null
      const { wrapped_key: wrappedKey, digest, bytes, pieces } = row
      return { id, wrappedKey, digest, bytes: Number(bytes), pieces }
    },
    async piece(content, place) {
      const row = await health.reads(() =>
        db
          .selectFrom('content_pieces')
          .select('sealed')
          .where('content', '=', content)
          .where('place', '=', place)
          .executeTakeFirst(),
      )
      return row?.sealed ?? null
    },
    async change(principal, id, sealed) {
      const { numUpdatedRows } = await health.writes(() =>
        db
          .updateTable('stored_files')
          .set({ sealed })
          .where('id', '=', id)
          .where('principal', '=', principal)
          .executeTakeFirstOrThrow(),
      )
      return numUpdatedRows > 0n
    },
    async delete(principal, id) {
      if ((await find(principal, id)) === null) return false
      // The note on the disk comes first: a copy of the storage that is put back later is held to it.
      await forgotten.add([id])
      await removeFiles({ db, health }, [id])
      await scrub()
      return true
    },
    async used(principal) {
      const moment = time()
      return health.reads(() => useOf(db, principal, moment))
    },
  }
}

/** Takes files away, and with the last one of a content its key and its bytes. */
export async function removeFiles(
  { db, health }: Pick<HistoryParts, 'db' | 'health'>,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) {
    const content = await health.writes(() =>
      db.transaction().execute(async (transaction) => {
        const file = await transaction
          .deleteFrom('stored_files')
          .where('id', '=', id)
          .returning('content')
          .executeTakeFirst()
        if (file === undefined) return null
        await transaction
          .updateTable('file_contents')
          .set((set) => ({ uses: set('uses', '-', 1) }))
          .where('id', '=', file.content)
          .execute()
        const { numDeletedRows } = await transaction
          .deleteFrom('file_contents')
          .where('id', '=', file.content)
          .where('uses', '<=', 0)
          .where('owner', 'is', null)
          .executeTakeFirstOrThrow()
        return numDeletedRows > 0n ? file.content : null
      }),
    )
    if (content !== null) await removePieces({ db, health }, [content])
  }
}

interface Finished {
  readonly row: Row
  readonly content: Parameters<StoredFiles['finish']>[1]
  readonly owner: string
}

/** The content of a file that is finished: one that its principal has already, or the one that was written for it. */
async function useContent(db: Kysely<Tables>, { row, content, owner }: Finished): Promise<string> {
  const known = await db
    .updateTable('file_contents')
    .set((set) => ({ uses: set('uses', '+', 1) }))
    .where('principal', '=', row.principal)
    .where('digest', '=', content.digest)
    .returning('id')
    .executeTakeFirst()
  if (known !== undefined) {
    await db.deleteFrom('file_contents').where('id', '=', row.content).where('owner', '=', owner).execute()
    return known.id
  }
  const { numUpdatedRows } = await db
    .updateTable('file_contents')
    .set({ ...content, uses: 1, owner: null })
    .where('id', '=', row.content)
    .where('owner', '=', owner)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows > 0n) return row.content
  throw new ServiceError('conflict', 'What was written of the file is gone: this process was taken for dead.', {
    advice: 'Send the file again.',
  })
}

/** Two that are counted at a time would each find room for one more: a row that is always there is locked. */
async function refuseMore(
  db: Kysely<Tables>,
  { row, limits, time }: { readonly row: Row; readonly limits: FileLimits; readonly time: string },
): Promise<void> {
  await db.updateTable('storage_facts').set({ one: 1 }).execute()
  const { files, bytes } = await useOf(db, row.principal, time)
  if (files < limits.files && bytes + Number(row.bytes) <= limits.bytes) return
  throw filesFull(limits)
}

async function useOf(db: Kysely<Tables>, principal: string, time: string) {
  const row = await db
    .selectFrom('stored_files')
    .select((select) => [
      select.fn.countAll<number | string>().as('files'),
      select.fn.sum<number | string | null>('bytes').as('bytes'),
    ])
    .where('principal', '=', principal)
    .where((where) => where.or([where('expires', 'is', null), where('expires', '>', time)]))
    .executeTakeFirstOrThrow()
  return { files: Number(row.files), bytes: Number(row.bytes ?? 0) }
}

/** What both kinds of storage say of a second row with one digest. */
function isTwin(thrown: unknown): boolean {
  const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown }
  return code === '23505' || String(message).startsWith('UNIQUE constraint failed')
}

function rowOf(file: Omit<SealedFile, 'made'>): Omit<Row, 'made'> {
  const { id, principal, content, bytes, purpose, expires, run, conversation, wrappedKey, sealed } = file
  return {
    id,
    principal,
    content,
    bytes,
    purpose,
    expires: expires === null ? null : expires.toISOString(),
    run,
    conversation,
    wrapped_key: wrappedKey,
    sealed,
  }
}

function fileOf(row: Row): SealedFile {
  const { id, principal, content, bytes, purpose, made, expires, run, conversation, sealed } = row
  return {
    id,
    principal,
    content,
    bytes: Number(bytes),
    purpose,
    made: new Date(made),
    expires: expires === null ? null : new Date(expires),
    run,
    conversation,
    wrappedKey: row.wrapped_key,
    sealed,
  }
}
