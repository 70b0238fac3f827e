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

/** Opens the file with the first query. */
export function openEmbeddedDatabase({ path, timeoutMilliseconds, use }: EmbeddedOptions): Kysely<Tables> {
  // The file is waited for a little shorter than its answer, so that the reason is SQLite's own.
  const patienceMilliseconds = Math.floor(timeoutMilliseconds * 0.8)
  const threadOf = (readOnly: boolean) =>
    new SqliteThread({ path, readOnly, patienceMilliseconds, outlives: 'power-loss' }, timeoutMilliseconds)
  const writer = threadOf(use === 'look')
  const reader = use === 'service' ? threadOf(true) : writer
  return new Kysely<Tables>({ dialect: createEmbeddedDialect({ writer, reader }) })
}
