import type { Kysely, Transaction } from 'kysely'
import type { KeyScope } from '../../core/key-scopes.ts'
import type { StorageHealth } from '../health.ts'
import type { OtherTimeWatch } from '../other-time.ts'
import type { HeldBecause, Tables } from '../tables.ts'
import { holdsAny, insertKey, keyOf, listedKeys, waitingRows } from './api-key-rows.ts'
import { KeyMemory } from './key-memory.ts'
import { KeyUses } from './key-uses.ts'

/** A key as it is kept: its digest, never itself. */
export interface StoredKey {
  readonly id: string
  readonly name: string
  readonly group: string
  /** SHA-256 of the whole key, hexadecimal. A key holds 256 random bits, so a slow hash would add nothing. */
  readonly sha256: string
  /** ISO 8601. */
  readonly created: string
  /** Null for a key in force. One that is held is nobody's until an operator accepts it. */
  readonly heldBecause: HeldBecause | null
  /** The day, counted from 1970-01-01, whose tokens count as used; null where they are counted. */
  readonly quotaUsedDay: number | null
  /** What it may be used for; null for `defaultKeyScopes`. */
  readonly scopes: readonly KeyScope[] | null
  /** ISO 8601; null for a key that does not end by itself. */
  readonly expires: string | null
  /** ISO 8601, to the minute; null for never. What `find` gives may be of an earlier use. */
  readonly lastUsed: string | null
  /** The id of the key that was made of this one, which is in force beside it until it expires; null for none. */
  readonly replacedBy: string | null
}

export type NewStoredKey = Pick<StoredKey, 'id' | 'name' | 'group' | 'sha256' | 'created'> &
  Partial<Pick<StoredKey, 'scopes' | 'expires'>>

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** Tells other processes of this machine of a change, and this one of theirs; null where nothing does. */
  readonly mark: { read(): bigint; change(): void } | null
  readonly watch: Pick<OtherTimeWatch, 'check' | 'advance'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly elapsed: () => number
}

/**
 * The API keys. Those that were revoked are remembered as such for a time, so that a backup from before does not bring
 * them back. Every method rejects with `storage-unavailable` where the storage is at fault.
 */
export class ApiKeys implements AsyncDisposable {
  readonly #parts: Parts
  readonly #memory: KeyMemory<StoredKey>
  readonly #uses: KeyUses

  constructor(parts: Parts) {
    this.#parts = parts
    const { db, health, mark, now, elapsed } = parts
    this.#uses = new KeyUses({ db, health, now })
    this.#memory = new KeyMemory({
      revision: () => health.reads(() => revisionOf(db)),
      load: () => health.reads(() => this.#load()),
      mark: mark === null ? null : () => mark.read(),
      elapsed,
    })
  }

  /** Whose digest it is; null for nobody's. Costs microseconds; see `KeyMemory` for what another process changed. */
  find(sha256: string): Promise<StoredKey | null> {
    return this.#memory.find(sha256)
  }

  /** Notes that the key of this id was used now; see `KeyUses`. */
  noteUse(id: string): void {
    this.#uses.note(id)
  }

  /** Oldest first, without those that were revoked. */
  async list(): Promise<readonly StoredKey[]> {
    return this.#parts.health.reads(() => listedKeys(this.#parts.db))
  }

  /** Was there never a key, not one that was revoked either? */
  async isEmpty(): Promise<boolean> {
    return this.#parts.health.reads(async () => !(await holdsAny(this.#parts.db)))
  }

  async add(key: NewStoredKey): Promise<void> {
    await this.#change((db) => insertKey(db, key, null))
  }

  /** False, and nothing is kept, where there ever was a key. */
  async addFirst(key: NewStoredKey): Promise<boolean> {
    return this.#change(async (db) => {
      if (await holdsAny(db)) return false
      await insertKey(db, key, null)
      return true
    })
  }

  /**
   * Revokes the key of this id and keeps what is made of it, both or none; null where there is no such key, or it was
   * replaced before. With `until`, the old one is in force until then and no longer than it was. What is made of a held one
   * is in force: who asked for it knows to whom it is given.
   */
  async replace(
    id: string,
    make: (old: StoredKey) => NewStoredKey,
    { until }: { readonly until: string | null } = { until: null },
  ): Promise<NewStoredKey | null> {
    return this.#change(async (db) => {
      const old = (await listedKeys(db)).find((key) => key.id === id)
      if (old === undefined || old.replacedBy !== null) return null
      const made = make(old)
      if (until === null) await this.#revoke(db, id)
      else {
        const expires = old.expires !== null && old.expires < until ? old.expires : until
        await db.updateTable('api_keys').set({ expires, replaced_by: made.id }).where('id', '=', id).execute()
      }
      await insertKey(db, made, null)
      return made
    })
  }

  /** False where there is no such key. */
  async revoke(id: string): Promise<boolean> {
    return this.#change((db) => this.#revoke(db, id))
  }

  /**
   * Keeps the keys of a file of an earlier version. After the first file, those that are not known are held: they may have
   * been revoked before they came here.
   */
  async takeOver(file: string, keys: readonly NewStoredKey[]): Promise<void> {
    await this.#change(async (db) => {
      const isFirst = (await db.selectFrom('taken_over_files').select('name').executeTakeFirst()) === undefined
      for (const key of keys) await insertKey(db, key, isFirst ? null : 'file')
      await db
        .insertInto('taken_over_files')
        .values({ name: file, taken: this.#time() })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute()
    })
  }

  /** Keys that wait for an operator, oldest first: those that are held, and those that a backup had in force. */
  async waiting(): Promise<readonly StoredKey[]> {
    const { db, health } = this.#parts
    const rows = await health.reads(() => waitingRows(db).selectAll().orderBy('created').orderBy('id').execute())
    return rows.map(keyOf)
  }

  /** Puts keys in force that wait for it; null for all that are held. Gives their ids, or changes nothing for one that does not wait. */
  async accept(ids: readonly string[] | null): Promise<readonly string[] | { readonly unknown: string }> {
    return this.#change(async (db) => {
      const waiting = await waitingRows(db).select(['id', 'state']).execute()
      const known = new Set(waiting.map(({ id }) => id))
      const unknown = ids?.find((id) => !known.has(id))
      if (unknown !== undefined) return { unknown }
      const accepted = ids ?? waiting.filter(({ state }) => state === 'held').map(({ id }) => id)
      for (const id of accepted) {
        const inForce = { state: 'active', revoked: null, held_because: null } as const
        await db.updateTable('api_keys').set(inForce).where('id', '=', id).execute()
      }
      return accepted
    })
  }

  /** Keys whose tokens of a day count as used, oldest first. */
  async withUsedQuota(): Promise<readonly StoredKey[]> {
    return (await this.list()).filter(({ quotaUsedDay }) => quotaUsedDay !== null)
  }

  /** Has the tokens of keys counted again; null for all. Gives their ids, or changes nothing for one that is not there. */
  async acceptQuota(ids: readonly string[] | null): Promise<readonly string[] | { readonly unknown: string }> {
    return this.#change(async (db) => {
      const used = (await listedKeys(db)).filter(({ quotaUsedDay }) => quotaUsedDay !== null).map(({ id }) => id)
      const unknown = ids?.find((id) => !used.includes(id))
      if (unknown !== undefined) return { unknown }
      const accepted = ids ?? used
      for (const id of accepted) {
        await db.updateTable('api_keys').set({ quota_used_day: null }).where('id', '=', id).execute()
      }
      return accepted
    })
  }

  /** Was there ever a key here? */
  async hasHeldAny(): Promise<boolean> {
    const { db, health } = this.#parts
    const found = await health.reads(() => db.selectFrom('api_keys').select('id').limit(1).executeTakeFirst())
    return found !== undefined
  }

  /** Writes the uses that were noted. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#uses[Symbol.asyncDispose]()
  }

  /** The counter comes first: its row lets one change of keys at a time through, whatever the kind of storage. */
  async #change<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    const { db, health, mark, watch } = this.#parts
    const result = await health.writes(() =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('storage_facts')
          .set((set) => ({ keys_revision: set('keys_revision', '+', 1) }))
          .execute()
        return work(transaction)
      }),
    )
    this.#memory.forget()
    mark?.change()
    await watch.advance()
    return result
  }

  async #revoke(db: Kysely<Tables>, id: string): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('api_keys')
      .set({ state: 'revoked', revoked: this.#time(), held_because: null })
      .where('id', '=', id)
      .where((row) => row.or([row('state', '!=', 'revoked'), row('held_because', 'is not', null)]))
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  async #load() {
    await this.#parts.watch.check()
    // The counter is read first: keys of a later moment under an earlier number are only read once more.
    const revision = await revisionOf(this.#parts.db)
    const keys = new Map((await listedKeys(this.#parts.db)).map((key) => [key.sha256, key]))
    return { revision, keys }
  }

  #time(): string {
    return new Date(this.#parts.now()).toISOString()
  }
}

/** Another one after every change of a key, and in another storage. */
async function revisionOf(db: Kysely<Tables>): Promise<string> {
  const { id, keys_revision: revision } = await db
    .selectFrom('storage_facts')
    .select(['id', 'keys_revision'])
    .executeTakeFirstOrThrow()
  return `${id}.${revision}`
}
