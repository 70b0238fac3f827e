import type { Kysely } from 'kysely'
import type { HeldSessions } from '../../core/held-sessions.ts'
import type { StorageHealth } from '../health.ts'
import { lostLease } from '../history/conversation-rows.ts'
import { holdsLease } from '../history/holds-lease.ts'
import type { ProcessLease } from '../history/process-lease.ts'
import type { Tables } from '../tables.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly lease: ProcessLease
}

const mostElsewhere = 1_000

/** Open sessions, each under the lease of its process. */
export function createHeldSessions({ db, health, now, lease }: Parts): HeldSessions {
  return {
    async add({ id, principal }) {
      const [owner, replica] = [await lease.id(), await lease.replica()]
      const row = { id, principal, owner, replica, made: new Date(now()).toISOString(), ended: null }
      await health.writes(() =>
        db.transaction().execute(async (transaction) => {
          if (!(await holdsLease(transaction, owner))) throw lostLease()
          await transaction.insertInto('held_sessions').values(row).execute()
        }),
      )
    },
    async remove(id) {
      await health.writes(() => db.deleteFrom('held_sessions').where('id', '=', id).execute())
    },
    async placeOf(principal, id) {
      const find = () =>
        health.reads(() =>
          db
            .selectFrom('held_sessions')
            .select(['replica', 'ended'])
            .where('id', '=', id)
            .where('principal', '=', principal)
            .executeTakeFirst(),
        )
      const found = await find()
      if (found === undefined) return null
      // Its process may be dead, which nobody has looked at.
      const row = found.ended === null && (await lease.settleDead()) > 0 ? await find() : found
      return row === undefined ? null : { replica: row.replica, state: row.ended === null ? 'open' : 'lost' }
    },
    async elsewhere(principal) {
      await lease.settleDead()
      const own = await lease.id()
      const rows = await health.reads(() =>
        db
          .selectFrom('held_sessions')
          .select(['id', 'made', 'replica'])
          .where('principal', '=', principal)
          .where('ended', 'is', null)
          .where('owner', '!=', own)
          .orderBy('made')
          .orderBy('id')
          .limit(mostElsewhere)
          .execute(),
      )
      return rows.map(({ id, made, replica }) => ({ id, openedAt: new Date(made), replica }))
    },
  }
}
