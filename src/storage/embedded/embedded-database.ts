import { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'
import { createEmbeddedDialect } from './embedded-dialect.ts'
import { SqliteThread } from './sqlite-thread.ts'

interface EmbeddedOptions {
  readonly path: string
  readonly timeoutMilliseconds: number
  /** A service has a second thread for reading, so that it does not wait for the disk where it only looks something up. */
  readonly use: 'service' | 'command' | 'look'
}

export interface EmbeddedDatabase {
  readonly db: Kysely<Tables>
  /** Carries the log of writes over and empties it, so that nothing deleted is left in it. Never rejects. */
  readonly scrub: () => Promise<void>
}

/** Opens the file with the first query. */
export function openEmbeddedDatabase({ path, timeoutMilliseconds, use }: EmbeddedOptions): EmbeddedDatabase {
  // The file is waited for a little shorter than its answer, so that the reason is SQLite's own.
  const patienceMilliseconds = Math.floor(timeoutMilliseconds * 0.8)
  const threadOf = (readOnly: boolean) =>
    new SqliteThread({ path, readOnly, patienceMilliseconds, outlives: 'power-loss' }, timeoutMilliseconds)
  const writer = threadOf(use === 'look')
  const reader = use === 'service' ? threadOf(true) : writer
  return {
    db: new Kysely<Tables>({ dialect: createEmbeddedDialect({ writer, reader }) }),
    scrub: async () => {
      const endTurn = await writer.takeTurn()
      try {
        await writer.single({ sql: 'PRAGMA wal_checkpoint(TRUNCATE)', parameters: [] })
      } catch {
      } finally {
        endTurn()
      }
    },
  }
}
