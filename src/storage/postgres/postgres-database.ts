import { Kysely, PostgresDialect } from 'kysely'
import { Pool, type PoolClient } from 'pg'
import type { Secret } from '../../core/secret.ts'
import type { Tables } from '../tables.ts'

/** The schema that all tables are in, so that a database may hold other things as well. */
export const schemaName = 'sallyport'

interface PostgresOptions {
  readonly url: Secret
  readonly connections: number
  readonly timeoutMilliseconds: number
}

interface ConnectionOptions extends PostgresOptions {
  /** Is a statement sent before the one ahead of it was answered? */
  readonly pipeline?: boolean
}

/** Connects with the first query. */
export function openPostgresDatabase(options: PostgresOptions): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connectionsTo(options) }) }).withSchema(schemaName)
}

/** Connects with the first query. */
export function connectionsTo({ url, connections, timeoutMilliseconds, pipeline = false }: ConnectionOptions): Pool {
  const pool = new Pool({
    connectionString: url.reveal(),
    max: connections,
    connectionTimeoutMillis: timeoutMilliseconds,
    // The server ends a statement by itself; one that does not answer at all is ended here, a little later.
    statement_timeout: timeoutMilliseconds,
    query_timeout: timeoutMilliseconds + 500,
    application_name: 'sallyport',
    keepAlive: true,
    pipeline,
  })
  // A connection that broke while nobody used it is replaced by the next query. One that breaks in use says so to the query,
  // and once more by an event, which would end the process where nobody hears it.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** With a connection that is given back only where no transaction is open on it. */
export async function connected<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (thrown) {
    const isBroken = await client.query('rollback').then(
      () => false,
      () => true,
    )
    client.release(isBroken)
    throw thrown
  }
}

/** The address without a password, for people. */
export function placeOfUrl(url: Secret): string {
  const { protocol, host, pathname } = new URL(url.reveal())
  return `${protocol}//${host}${pathname}`
}
