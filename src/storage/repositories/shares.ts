import type { Kysely, Selectable, SelectQueryBuilder } from 'kysely'
import type { PageOptions } from '../../core/conversations.ts'
import type { SealedShare, StoredShares } from '../../core/shares.ts'
import type { Tables } from '../tables.ts'
import { pieceLength, type ForgettingParts } from './forgetting-parts.ts'
import { createWrappedRows } from './wrapped-rows.ts'

type Row = Selectable<Tables['shares']>
type ShareQuery = SelectQueryBuilder<Tables, 'shares', Row>

interface ShareParts extends ForgettingParts {
  /** Writes over what was deleted. */
  readonly scrub: () => Promise<void>
}

/** Pieces that one statement takes: each is of hundreds of thousands of characters. */
const rowsAtOnce = 8

/** Shares of conversations: none of one that was deleted, by this machine or any other. */
export function createShares({ db, health, forgotten, now, scrub }: ShareParts): StoredShares {
  const standing = (): ShareQuery =>
    db.selectFrom('shares').selectAll().where('expires', '>', new Date(now()).toISOString())
  const isGone = async ({ id, conversation }: Row): Promise<boolean> =>
    (await forgotten.has(id)) || (await forgotten.has(conversation))
  const page = async (query: ShareQuery, { after, most }: PageOptions): Promise<readonly SealedShare[]> => {
    const gone = await forgotten.all()
    const rows = await health.reads(() =>
      query
        .$if(after !== undefined, (behind) => behind.where('id', '<', after ?? ''))
        .orderBy('id', 'desc')
        .limit(most)
        .execute(),
    )
    return rows.filter(({ id, conversation }) => !gone.has(id) && !gone.has(conversation)).map(shareOf)
  }
  return {
    ...createWrappedRows('shares', { db, health }),
    async add(share, pieces, most) {
      if (await forgotten.has(share.conversation)) return 'no-conversation'
      return await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          // Its row is locked until the share is there: who deletes the conversation meanwhile waits, and takes the share along.
          const { numUpdatedRows } = await transaction
            .updateTable('conversations')
            .set((set) => ({ used: set.ref('used') }))
            .where('id', '=', share.conversation)
            .where('principal', '=', share.principal)
            .executeTakeFirstOrThrow()
          if (numUpdatedRows === 0n) return 'no-conversation'
          const { count } = await transaction
            .selectFrom('shares')
            .select((select) => select.fn.countAll<number | string>().as('count'))
            .where('principal', '=', share.principal)
            .where('expires', '>', new Date(now()).toISOString())
            .executeTakeFirstOrThrow()
          if (Number(count) >= most) return 'too-many'
          await transaction.insertInto('shares').values(rowOf(share)).execute()
          const rows = pieces.map((sealed, place) => ({ share: share.id, place, sealed }))
          for (let at = 0; at < rows.length; at += rowsAtOnce) {
            await transaction
              .insertInto('share_pieces')
              .values(rows.slice(at, at + rowsAtOnce))
              .execute()
          }
          return 'added'
        }),
      )
    },
    async find(id) {
      const row = await health.reads(() => standing().where('id', '=', id).executeTakeFirst())
      return row === undefined || (await isGone(row)) ? null : shareOf(row)
    },
    list: (principal, wanted) => page(standing().where('principal', '=', principal), wanted),
    listFor: (group, wanted) =>
      page(standing().where('audience_group', '=', group).where('audience', '=', 'group'), wanted),
    listEvery: ({ audience, group, principal }, wanted) =>
      page(
        standing()
          .$if(audience !== undefined, (query) => query.where('audience', '=', audience ?? 'group'))
          .$if(group !== undefined, (query) => query.where('audience_group', '=', group ?? ''))
          .$if(principal !== undefined, (query) => query.where('principal', '=', principal ?? '')),
        wanted,
      ),
    async pieces(id) {
      const rows = await health.reads(() =>
        db.selectFrom('share_pieces').select('sealed').where('share', '=', id).orderBy('place').execute(),
      )
      return rows.map(({ sealed }) => sealed)
    },
    async delete(principal, id) {
      const found = await health.reads(() =>
        db.selectFrom('shares').select('id').where('id', '=', id).where('principal', '=', principal).executeTakeFirst(),
      )
      if (found === undefined || (await forgotten.has(id))) return false
      // The note on the disk comes first: a copy of the storage that is put back later is held to it.
      await forgotten.add([id])
      await health.writes(() => db.transaction().execute((transaction) => removeShares(transaction, [id])))
      await scrub()
      return true
    },
  }
}

/** Takes shares away with their keys and all that they show. Within a transaction of the caller. */
export async function removeShares(db: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += pieceLength) {
    const some = ids.slice(at, at + pieceLength)
    await db.deleteFrom('shares').where('id', 'in', some).execute()
    await db.deleteFrom('share_pieces').where('share', 'in', some).execute()
  }
}

/** The same for all shares of some conversations. */
export async function removeSharesOf(db: Kysely<Tables>, conversations: readonly string[]): Promise<void> {
  const found = await db.selectFrom('shares').select('id').where('conversation', 'in', conversations).execute()
  await removeShares(
    db,
    found.map(({ id }) => id),
  )
}

function rowOf(share: SealedShare): Row {
  const { id, principal, conversation, audience, group, secretDigest, made, expires } = share
  return {
    id,
    principal,
    conversation,
    audience,
    audience_group: group,
    secret_digest: secretDigest,
    made: made.toISOString(),
    expires: expires.toISOString(),
    wrapped_key: share.wrappedKey,
    sealed: share.sealed,
    pieces: share.pieces,
  }
}

function shareOf(row: Row): SealedShare {
  const { id, principal, conversation, audience, sealed, pieces } = row
  return {
    id,
    principal,
    conversation,
    audience,
    group: row.audience_group,
    secretDigest: row.secret_digest,
    made: new Date(row.made),
    expires: new Date(row.expires),
    wrappedKey: row.wrapped_key,
    sealed,
    pieces,
  }
}

/** Takes shares away whose time is over, so many at most; tells how many there were. */
export async function removeExpired({ db, now }: Pick<ForgettingParts, 'db' | 'now'>, most: number): Promise<bigint> {
  const time = new Date(now()).toISOString()
  return await db.transaction().execute(async (transaction) => {
    const old = await transaction.selectFrom('shares').select('id').where('expires', '<=', time).limit(most).execute()
    await removeShares(
      transaction,
      old.map(({ id }) => id),
    )
    return BigInt(old.length)
  })
}
