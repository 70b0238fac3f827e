import type { Kysely, Selectable, Transaction } from 'kysely'
import { mostSessions, type StoredWebSession, type WebSessions } from '../../core/web-sessions.ts'
import type { StorageHealth } from '../health.ts'
import { parseScopes } from '../scopes-text.ts'
import type { Tables } from '../tables.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Each is read from the storage whenever it is asked for, so that one that has ended here has ended in every process. */
export function createWebSessions({ db, health, now }: Parts): WebSessions {
  const isoNow = (): string => new Date(now()).toISOString()
  return {
    async add(session) {
      const row = rowOf(session)
      await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          for (const table of ['web_sessions', 'web_links'] as const) {
            await transaction.deleteFrom(table).where('expires', '<=', isoNow()).execute()
          }
          await transaction.insertInto('web_sessions').values(row).execute()
          await endOldest(transaction, row)
        }),
      )
    },
    async find(sha256, listener) {
      const row = await health.reads(() =>
        db
          .selectFrom('web_sessions')
          .selectAll()
          .where('sha256', '=', sha256)
          .where('listener', '=', listener)
          .where('expires', '>', isoNow())
          .executeTakeFirst(),
      )
      return row === undefined ? null : sessionOf(row)
    },
    async end(sha256, listener) {
      const { numDeletedRows } = await health.writes(() =>
        db
          .deleteFrom('web_sessions')
          .where('sha256', '=', sha256)
          .where('listener', '=', listener)
          .executeTakeFirstOrThrow(),
      )
      return numDeletedRows > 0n
    },
    async addLink(link) {
      await health.writes(() => db.insertInto('web_links').values(link).execute())
    },
    async takeLink(sha256, listener) {
      // Of requests that take it at the same time, one deletes it.
      const { numDeletedRows } = await health.writes(() =>
        db
          .deleteFrom('web_links')
          .where('sha256', '=', sha256)
          .where('listener', '=', listener)
          .where('expires', '>', isoNow())
          .executeTakeFirstOrThrow(),
      )
      return numDeletedRows > 0n
    },
  }
}

/** Ends every session, in the transaction that puts something of another time into the storage. */
export async function endWebSessions(db: Kysely<Tables>): Promise<void> {
  for (const table of ['web_sessions', 'web_links'] as const) await db.deleteFrom(table).execute()
}

async function endOldest(
  db: Transaction<Tables>,
  { principal, listener }: Pick<Row, 'principal' | 'listener'>,
): Promise<void> {
  const old = await db
    .selectFrom('web_sessions')
    .select('sha256')
    .where('principal', '=', principal)
    .where('listener', '=', listener)
    .orderBy('made', 'desc')
    .orderBy('sha256')
    .offset(mostSessions)
    .limit(mostSessions)
    .execute()
  if (old.length === 0) return
  await db
    .deleteFrom('web_sessions')
    .where(
      'sha256',
      'in',
      old.map(({ sha256 }) => sha256),
    )
    .execute()
}

type Row = Selectable<Tables['web_sessions']>

function rowOf({ keySha256, group, scopes, ...rest }: StoredWebSession): Row {
  return { ...rest, principal_group: group, scopes: JSON.stringify(scopes), key_sha256: keySha256 }
}

function sessionOf({ key_sha256: keySha256, principal_group: group, scopes, ...rest }: Row): StoredWebSession {
  return { ...rest, group, scopes: parseScopes(scopes) ?? [], keySha256 }
}
