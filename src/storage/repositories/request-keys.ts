import { hash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { RequestKeys } from '../../core/request-keys.ts'
import type { StorageHealth } from '../health.ts'
import { lostLease } from '../history/conversation-rows.ts'
import { holdsLease } from '../history/holds-lease.ts'
import type { ProcessLease } from '../history/process-lease.ts'
import type { StorageTime } from '../storage-time.ts'
import type { Tables } from '../tables.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly time: StorageTime
  readonly lease: ProcessLease
}

type Named = Parameters<RequestKeys['take']>[0]

/** How often those are forgotten whose time is over, milliseconds. */
const forgetMilliseconds = 60_000

/** Keys of requests by a digest, each under the lease of the process that has its request. */
export function createRequestKeys({ db, health, time, lease }: Parts): RequestKeys {
  let forgotten = -Infinity
  /** The leases that keys were taken under. */
  const owners = new Map<string, string>()

  async function find(id: string) {
    return health.reads(() =>
      db.selectFrom('request_keys').select(['replica', 'state']).where('id', '=', id).executeTakeFirst(),
    )
  }

  /** False where another process has it. Those whose time is over are anybody's, and what is its own and not in its memory is over too. */
  async function insert(id: string): Promise<boolean> {
    const [owner, replica] = [await lease.id(), await lease.replica()]
    const isTaken = await health.writes(() =>
      db.transaction().execute(async (transaction) => {
        if (!(await holdsLease(transaction, owner))) throw lostLease()
        const now = new Date(await time(transaction)).toISOString()
        if (performance.now() - forgotten > forgetMilliseconds) {
          forgotten = performance.now()
          await transaction.deleteFrom('request_keys').where('ends', '<', now).execute()
        }
        const row = { owner, replica, state: 'running', ends: null } as const
        const taken = await transaction
          .insertInto('request_keys')
          .values({ id, ...row })
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet(row)
              .where((where) =>
                where.or([where('request_keys.ends', '<', now), where('request_keys.owner', '=', owner)]),
              ),
          )
          .returning('id')
          .executeTakeFirst()
        return taken !== undefined
      }),
    )
    if (isTaken) owners.set(id, owner)
    return isTaken
  }

  /** Only what is this process's under the same lease: one that was lost is what others are told. */
  async function change(named: Named, work: (id: string, owner: string) => Promise<unknown>): Promise<void> {
    const id = idOf(named)
    const owner = owners.get(id)
    if (owner === undefined) return
    owners.delete(id)
    const write = async (): Promise<void> => void (await health.writes(() => work(id, owner)))
    await write().catch(() => lease.doLater(`request key ${id}`, write))
  }

  return {
    async take(named) {
      const id = idOf(named)
      for (;;) {
        if (await insert(id)) return null
        const found = await find(id)
        // Its process may be dead, which nobody has looked at.
        const now =
          found !== undefined && found.state !== 'lost' && (await lease.settleDead()) > 0 ? await find(id) : found
        if (now !== undefined) return now
      }
    },
    end: (named, keepMilliseconds) =>
      change(named, async (id, owner) => {
        const ends = new Date((await time(db)) + keepMilliseconds).toISOString()
        await db
          .updateTable('request_keys')
          .set({ state: 'answered', ends })
          .where('id', '=', id)
          .where('owner', '=', owner)
          .execute()
      }),
    release: (named) =>
      change(named, (id, owner) =>
        db.deleteFrom('request_keys').where('id', '=', id).where('owner', '=', owner).execute(),
      ),
  }
}

/** Nothing that a caller wrote stands in the storage. */
function idOf({ principal, key }: Named): string {
  return hash('sha256', JSON.stringify([principal, key]))
}
