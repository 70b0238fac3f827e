import type { Kysely } from 'kysely'
import { startTicksOf, type ProcessIdentity } from '../../processes/process-identity.ts'
import type { StorageHealth } from '../health.ts'
import type { StorageTime } from '../storage-time.ts'
import type { Tables } from '../tables.ts'
import { removePieces } from './remove-pieces.ts'
import type { ServerClock } from './server-clock.ts'

interface DeadLeasesParts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly time: StorageTime
  /** Milliseconds of silence after which a process has lost its lease. */
  readonly leaseMilliseconds: number
  /** Do processes of one machine lose theirs by silence too? Where a file is the storage, the kernel alone tells of those. */
  readonly silenceTells: boolean
  readonly clock: ServerClock
}

interface Lease {
  readonly id: string
  readonly seen: string
}

/** Silence of so many times a lease tells whoever has just started, too. */
const longSilence = 10
/** Milliseconds for which the owner of a session, or of a request with an Idempotency-Key, is told what became of it. */
const rememberedMilliseconds = 86_400_000

/** Finds processes that have lost their lease, and ends what they have left. */
export class DeadLeases {
  readonly #parts: DeadLeasesParts

  constructor(parts: DeadLeasesParts) {
    this.#parts = parts
  }

  /**
   * Takes away the leases that are lost, all but `own`; resolves with how many. `spokenMilliseconds`: for how long whoever asks could write here without a
   * gap: after the storage was away, everybody is as silent as that was long, and one that has just come back may be the first to look.
   */
  async settle(
    own: string | null,
    { self, spokenMilliseconds }: { readonly self: ProcessIdentity; readonly spokenMilliseconds: number },
  ): Promise<number> {
    const { db, health, time, leaseMilliseconds, clock } = this.#parts
    const leases = await health.reads(() => db.selectFrom('process_leases').select(['id', 'seen']).execute())
    const others = leases.filter(({ id }) => id !== own)
    if (others.length === 0) return 0
    const now = clock.note(await health.reads(() => time(db)))
    const longest = leaseMilliseconds * (spokenMilliseconds > leaseMilliseconds ? 1 : longSilence)
    let dead = 0
    for (const lease of others)
      if (await this.#isDead(lease, self, now - longest)) dead += (await this.take(lease)) ? 1 : 0
    return dead
  }

  /**
   * Takes one away with what was done under it, in one transaction: runs are interrupted, what was being written is dropped, sessions are over, answers to repeated requests are lost. False where
   * its process has spoken meanwhile: then nothing of it is touched. `seen` is null for a process's own.
   */
  async take({ id, seen }: { readonly id: string; readonly seen: string | null }): Promise<boolean> {
    const { db, health, time } = this.#parts
    const drafts = await health.writes(() =>
      db.transaction().execute(async (transaction) => {
        const now = await time(transaction)
        const ended = new Date(now).toISOString()
        const { numDeletedRows } = await transaction
          .deleteFrom('process_leases')
          .where('id', '=', id)
          .$if(seen !== null, (query) => query.where('seen', '=', seen ?? ''))
          .executeTakeFirstOrThrow()
        if (numDeletedRows === 0n) return null
        await transaction
          .updateTable('conversation_runs')
          .set({ state: 'interrupted', ended })
          .where('owner', '=', id)
          .where('state', '=', 'running')
          .execute()
        const old = new Date(now - rememberedMilliseconds).toISOString()
        await transaction.deleteFrom('held_sessions').where('ended', '<', old).execute()
        await transaction
          .updateTable('held_sessions')
          .set({ ended })
          .where('owner', '=', id)
          .where('ended', 'is', null)
          .execute()
        const later = new Date(now + rememberedMilliseconds).toISOString()
        await transaction
          .updateTable('request_keys')
          .set((set) => ({ state: 'lost', ends: set.fn.coalesce('ends', set.val(later)) }))
          .where('owner', '=', id)
          .execute()
        return await transaction.deleteFrom('file_contents').where('owner', '=', id).returning('id').execute()
      }),
    )
    if (drafts === null) return false
    await removePieces(
      { db, health },
      drafts.map((draft) => draft.id),
    )
    return true
  }

  async #isDead({ id, seen }: Lease, self: ProcessIdentity, before: number): Promise<boolean> {
    const [pid, startTicks, bootId, pidNamespace] = id.split('|')
    const isNeighbour = bootId === self.bootId && pidNamespace === self.pidNamespace
    if (isNeighbour && (await startTicksOf(Number(pid))) !== startTicks) return true
    // A process that is stopped is there and says nothing.
    const { silenceTells, clock } = this.#parts
    return (!isNeighbour || silenceTells) && clock.isSteady && Date.parse(seen) < before
  }
}
