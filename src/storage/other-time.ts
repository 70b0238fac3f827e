import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { StorageHealth } from './health.ts'
import { refuseOpenApprovals } from './repositories/approvals.ts'
import { endWebSessions } from './repositories/web-sessions.ts'
import { readStorageMark, writeStorageMark, type StorageMark } from './storage-mark.ts'
import type { Tables } from './tables.ts'
import { endTuning } from './tuning/end-tuning.ts'

/**
 * Why what a storage holds is of another time than what this machine remembers of it. `restored`: by the command for
 * that, or noticed and settled by another process. `older-copy` and `other-storage`: put there by other means.
 * `backup`: the file of a backup that is used as it is.
 */
export type OtherTime = 'restored' | 'older-copy' | 'other-storage' | 'backup'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** File of this machine with what it remembers of the storage. */
  readonly markPath: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /**
   * Holds what else of this machine the storage belongs to. Until it has resolved once, the storage is taken for one of
   * another time again; null where that is left to the next process.
   */
  readonly onOtherTime: ((why: OtherTime) => Promise<void>) | null
}

type Facts = Selectable<Tables['storage_facts']>

/** More are not kept. */
const mostFormerIds = 1_000
const dayMilliseconds = 86_400_000

/**
 * Notices that a storage is of another time: an older copy that was put back would know keys that were revoked since.
 * Then its keys are held, and the tokens of the day count as used, until an operator accepts them by name; what was tuned is
 * not in force.
 */
export class OtherTimeWatch {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Compares the storage with what the machine remembers, and settles what is of another time before it resolves. */
  async check(): Promise<void> {
    const { db, health, markPath, onOtherTime } = this.#parts
    // The mark comes first: it is written after what it tells of, so that an honest storage is never behind it.
    const mark = await health.reads(async () => readStorageMark(markPath))
    const facts = await health.reads(() => factsOf(db))
    const why = whyOf(mark, facts)
    if (why === null || (why === 'other-storage' && (await this.#isNew()))) return this.#remember(mark, facts)
    const settled = why === 'restored' ? markOf(facts) : await this.#settle(mark)
    if (onOtherTime === null) return
    await onOtherTime(why)
    await health.writes(async () => writeStorageMark(markPath, settled))
  }

  /** Remembers how far the storage has come, after a change of this process. */
  async advance(): Promise<void> {
    const { db, health, markPath } = this.#parts
    const mark = await health.reads(async () => readStorageMark(markPath))
    const facts = await health.reads(() => factsOf(db))
    if (whyOf(mark, facts) === null) this.#remember(mark, facts)
  }

  /** One that never had a key, and never a rollout, has nothing of another time. */
  async #isNew(): Promise<boolean> {
    const { db, health } = this.#parts
    for (const table of ['api_keys', 'tuning_rollouts'] as const) {
      const row = await health.reads(() => db.selectFrom(table).select('id').limit(1).executeTakeFirst())
      if (row !== undefined) return false
    }
    return true
  }

  /** A mark that lags for want of room on the disk is behind, and not wrong. */
  #remember(mark: StorageMark | null, facts: Facts): void {
    if (mark !== null && mark.id === facts.id && mark.revision >= facts.keys_revision) return
    try {
      writeStorageMark(this.#parts.markPath, markOf(facts))
    } catch {}
  }

  /** Of processes that notice it at the same time, one holds the keys. */
  async #settle(mark: StorageMark | null): Promise<StorageMark> {
    const { db, health, now } = this.#parts
    return health.writes(() =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('storage_facts')
          .set((set) => ({ keys_revision: set('keys_revision', '+', 1) }))
          .execute()
        const facts = await factsOf(transaction)
        // Its own step forward does not count.
        const why = whyOf(mark, { ...facts, keys_revision: facts.keys_revision - 1 })
        if (why === null || why === 'restored') return markOf(facts)
        await transaction
          .updateTable('api_keys')
          .set({ state: 'held', held_because: 'other-time' })
          .where('state', '=', 'active')
          .execute()
        const day = Math.floor(now() / dayMilliseconds)
        await transaction.updateTable('api_keys').set({ quota_used_day: day }).execute()
        await refuseOpenApprovals(transaction)
        await endTuning(transaction, new Date(now()).toISOString())
        return takeNewId(transaction, { facts, mark })
      }),
    )
  }
}

export async function factsOf(db: Kysely<Tables>): Promise<Facts> {
  return db.selectFrom('storage_facts').selectAll().executeTakeFirstOrThrow()
}

/**
 * Gives a storage another id, in the transaction that puts something of another time into it. Whoever was signed in signs in
 * again: a session that has ended since would be back.
 */
export async function takeNewId(
  db: Kysely<Tables>,
  { facts, mark }: { readonly facts: Facts; readonly mark: StorageMark | null },
): Promise<StorageMark> {
  await endWebSessions(db)
  const former = new Set([...formerIds(facts), facts.id, ...(mark === null ? [] : [mark.id])])
  const [id, revision] = [randomUUID(), Math.max(facts.keys_revision, mark?.revision ?? 0) + 1]
  await db
    .updateTable('storage_facts')
    .set({ id, keys_revision: revision, backup: null, former_ids: JSON.stringify([...former].slice(-mostFormerIds)) })
    .execute()
  return { id, revision }
}

function markOf({ id, keys_revision: revision }: Facts): StorageMark {
  return { id, revision }
}

function formerIds({ former_ids: text }: Facts): readonly string[] {
  const parsed: unknown = JSON.parse(text)
  return Array.isArray(parsed) ? parsed.map(String) : []
}

/** Null where a storage is what the machine remembers, or a later state of it. */
export function whyOf(mark: StorageMark | null, facts: Facts): OtherTime | null {
  if (facts.backup !== null) return 'backup'
  if (mark === null) return null
  if (mark.id === facts.id) return facts.keys_revision < mark.revision ? 'older-copy' : null
  return formerIds(facts).includes(mark.id) ? 'restored' : 'other-storage'
}
