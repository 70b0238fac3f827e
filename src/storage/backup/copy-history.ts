import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** Bytes of a piece of a file are many: so few rows of them are in memory. */
const fewRows = 8
const manyRows = 200

/** Copies conversations, what is shared of them, and files that are whole, from one moment of a storage into another one that has none. */
export async function copyHistory(from: Kysely<Tables>, into: Kysely<Tables>): Promise<HistoryCounts> {
  const conversations = await copyById({ from, into, table: 'conversations' })
  await copyById({ from, into, table: 'conversation_runs' })
  await copyItems(from, into)
  await copyById({ from, into, table: 'shares' })
  await copySharePieces(from, into)
  const files = await copyById({ from, into, table: 'stored_files' })
  await copyContents(from, into)
  return { conversations, files }
}

export interface HistoryCounts {
  readonly conversations: number
  readonly files: number
}

interface Copied {
  readonly from: Kysely<Tables>
  readonly into: Kysely<Tables>
  readonly table: 'conversations' | 'conversation_runs' | 'shares' | 'stored_files'
}

async function copyById({ from, into, table }: Copied): Promise<number> {
  let copied = 0
  for (let last = ''; ;) {
    const rows = await from.selectFrom(table).selectAll().where('id', '>', last).orderBy('id').limit(manyRows).execute()
    const end = rows.at(-1)
    if (end === undefined) return copied
    for (const row of rows) await into.insertInto(table).values(row).execute()
    copied += rows.length
    last = end.id
  }
}

async function copyItems(from: Kysely<Tables>, into: Kysely<Tables>): Promise<void> {
  let last: { conversation: string; place: number; piece: number } = { conversation: '', place: -1, piece: -1 }
  for (;;) {
    const rows = await from
      .selectFrom('conversation_items')
      .selectAll()
      .where((where) =>
        where(
          where.refTuple('conversation', 'place', 'piece'),
          '>',
          where.tuple(last.conversation, last.place, last.piece),
        ),
      )
      .orderBy('conversation')
      .orderBy('place')
      .orderBy('piece')
      .limit(fewRows)
      .execute()
    const end = rows.at(-1)
    if (end === undefined) return
    await into.insertInto('conversation_items').values(rows).execute()
    last = { ...end, place: Number(end.place) }
  }
}

async function copySharePieces(from: Kysely<Tables>, into: Kysely<Tables>): Promise<void> {
  let last = { share: '', place: -1 }
  for (;;) {
    const rows = await from
      .selectFrom('share_pieces')
      .selectAll()
      .where((where) => where(where.refTuple('share', 'place'), '>', where.tuple(last.share, last.place)))
      .orderBy('share')
      .orderBy('place')
      .limit(fewRows)
      .execute()
    const end = rows.at(-1)
    if (end === undefined) return
    await into.insertInto('share_pieces').values(rows).execute()
    last = end
  }
}

async function copyContents(from: Kysely<Tables>, into: Kysely<Tables>): Promise<void> {
  for (let last = ''; ;) {
    const rows = await from
      .selectFrom('file_contents')
      .selectAll()
      .where('owner', 'is', null)
      .where('id', '>', last)
      .orderBy('id')
      .limit(manyRows)
      .execute()
    const end = rows.at(-1)
    if (end === undefined) return
    for (const row of rows) {
      await into.insertInto('file_contents').values(row).execute()
      await copyPieces({ from, into, content: row.id })
    }
    last = end.id
  }
}

async function copyPieces({
  from,
  into,
  content,
}: Pick<Copied, 'from' | 'into'> & { readonly content: string }): Promise<void> {
  for (let last = -1; ;) {
    const rows = await from
      .selectFrom('content_pieces')
      .selectAll()
      .where('content', '=', content)
      .where('place', '>', last)
      .orderBy('place')
      .limit(fewRows)
      .execute()
    const end = rows.at(-1)
    if (end === undefined) return
    await into.insertInto('content_pieces').values(rows).execute()
    last = end.place
  }
}
