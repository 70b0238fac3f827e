import { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'
import { createEmbeddedDialect } from './embedded-dialect.ts'
import { SqliteThread } from './sqlite-thread.ts'

interface EmbeddedOptions {
  readonly path: string
  readonly timeoutMilliseconds: number
  /** A second thread for reading: a service is not to wait for the disk where it only looks something up. */
  readonly readsBesideWrites: boolean
}

/** Opens the file with the first query. */
export function openEmbeddedDatabase({
  path,
  timeoutMilliseconds,
  readsBesideWrites,
}: EmbeddedOptions): Kysely<Tables> {
  // The file is waited for a little shorter than its answer, so that the reason is SQLite's own.
  const patienceMilliseconds = Math.floor(timeoutMilliseconds * 0.8)
  const writer = new SqliteThread({ path, readOnly: false, patienceMilliseconds }, timeoutMilliseconds)
  const reader = readsBesideWrites
    ? new SqliteThread({ path, readOnly: true, patienceMilliseconds }, timeoutMilliseconds)
    : writer
  return new Kysely<Tables>({ dialect: createEmbeddedDialect({ writer, reader }) })
}
