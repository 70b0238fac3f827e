import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import type { Secret } from '../../core/secret.ts'
import type { Tables } from '../tables.ts'

/** The schema that all tables are in, so that a database may hold other things as well. */
export const schemaName = 'sallyport'

interface PostgresOptions {
  readonly url: Secret
  readonly connections: number
  readonly timeoutMilliseconds: number
}

/** Connects with the first query. */
export function openPostgresDatabase({ url, connections, timeoutMilliseconds }: PostgresOptions): Kysely<Tables> {
  const pool = new Pool({
    connectionString: url.reveal(),
    max: connections,
    connectionTimeoutMillis: timeoutMilliseconds,
    // The server ends a statement by itself; one that does not answer at all is ended here, a little later.
    statement_timeout: timeoutMilliseconds,
    query_timeout: timeoutMilliseconds + 500,
    application_name: 'sallyport',
    keepAlive: true,
  })
  // A connection that broke while nobody used it is replaced by the next query. One that breaks in use says so to the query,
  // and once more by an event, which would end the process where nobody hears it.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(schemaName)
}

/** The address without a password, for people. */
export function placeOfUrl(url: Secret): string {
  const { protocol, host, pathname } = new URL(url.reveal())
  return `${protocol}//${host}${pathname}`
}
