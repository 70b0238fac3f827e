import type { Kysely } from 'kysely'
import { laterUnnoticed, type Later } from '../../concurrency/later.ts'
import type { StorageHealth } from '../health.ts'
import type { Tables } from '../tables.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A clock of the test's own there. */
  readonly later?: Later
}

/** How long uses are gathered before they are written, in milliseconds. */
export const gatheringMilliseconds = 60_000

const mostIds = 500

/**
 * When keys were last used, to the minute. A use is noted in memory, which costs a request nothing; all of a minute are
 * written together. What could not be written is written with the next.
 */
export class KeyUses implements AsyncDisposable {
  readonly #parts: Parts
  #noted = new Map<string, string>()
  #waiting: { readonly stop: () => void } | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  note(id: string): void {
    const minute = Math.floor(this.#parts.now() / 60_000) * 60_000
    this.#noted.set(id, new Date(minute).toISOString())
    this.#waiting ??= (this.#parts.later ?? laterUnnoticed)(() => this.#write(), gatheringMilliseconds)
  }

  /** Writes what is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#waiting?.stop()
    this.#write()
    await this.#writing
  }

  #write(): void {
    this.#waiting = null
    const noted = this.#noted
    this.#noted = new Map()
    this.#writing = this.#writing.then(() => this.#put(noted)).catch(() => this.#keep(noted))
  }

  async #put(noted: ReadonlyMap<string, string>): Promise<void> {
    const { db, health } = this.#parts
    for (const [minute, keys] of Map.groupBy(noted, ([, at]) => at)) {
      const ids = keys.map(([id]) => id)
      for (let at = 0; at < ids.length; at += mostIds) {
        await health.writes(() =>
          db
            .updateTable('api_keys')
            .set({ last_used: minute })
            .where('id', 'in', ids.slice(at, at + mostIds))
            // Another process may have written a later one.
            .where((row) => row.or([row('last_used', 'is', null), row('last_used', '<', minute)]))
            .execute(),
        )
      }
    }
  }

  #keep(noted: ReadonlyMap<string, string>): void {
    for (const [id, minute] of noted) if (!this.#noted.has(id)) this.#noted.set(id, minute)
  }
}
