import { Turns } from '../../concurrency/turns.ts'
import { randomBytes } from 'node:crypto'
import type { Catalog, Shadow } from '../../core/catalog.ts'
import { ServiceError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { abortFault, deadlineFault, untilAborted } from '../abort.ts'
import { PostgresConnection } from '../postgres/connection.ts'
import { type Analysis, analyze, type FilledShadow } from './analyze.ts'
import { fillSchema, prepareAnalysis } from './fill.ts'

export interface PostgresShadowOptions {
  readonly catalog: Pick<Catalog, 'dialect' | 'fingerprint' | 'schemaStatements'>
  /** A scratch server of the source's major version; the role may create databases and is not a superuser. */
  readonly url: Secret
  /** Longest analysis of one statement. */
  readonly timeoutMilliseconds: number
  /** Longest start, the making of the database included. */
  readonly openMilliseconds: number
}

const prefix = 'sallyport_shadow_'
const name = 'shadow'
/** Databases that a process left behind when it was killed are removed when they are this old and nobody is connected. */
const staleMilliseconds = 10 * 60_000

interface Opened {
  readonly connection: PostgresConnection
  readonly filled: FilledShadow
  readonly database: string
}

/**
 * A `Shadow` in a database of its own on a scratch PostgreSQL, made from a catalog: it holds a schema and never a row.
 * Analysis is the source's own version's, with the extensions the server has. A statement that takes too long or is
 * aborted costs the connection and the database; the next one makes new ones.
 */
export class PostgresShadow implements Shadow, AsyncDisposable {
  readonly fingerprint: string
  readonly #options: PostgresShadowOptions
  #opening: Promise<Opened> | null = null
  readonly #turns = new Turns()
  #disposed = false

  constructor(options: PostgresShadowOptions) {
    this.#options = options
    this.fingerprint = options.catalog.fingerprint
  }

  /** Makes the database ahead of the first statement. */
  async warm(signal: AbortSignal): Promise<void> {
    await untilAborted(this.#opened(), signal)
  }

  resolve: Shadow['resolve'] = async (statement, signal, asked) => {
    const release = await this.#turns.take(signal, abortFault)
    try {
      const opened = await untilAborted(this.#connected(), signal)
      return await this.#supervised(opened, signal, () => analyze(opened.filled, statement, asked))
    } finally {
      release()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    const opening = this.#opening
    this.#opening = null
    const opened = await opening?.catch(() => null)
    if (opened) await this.#remove(opened)
  }

  /** The open connection; another one where the server has ended it meanwhile. */
  async #connected(): Promise<Opened> {
    const opened = await this.#opened()
    if (opened.connection.reusable) return opened
    this.#opening = null
    void this.#remove(opened).catch(() => {})
    return this.#opened()
  }

  #opened(): Promise<Opened> {
    if (this.#disposed) return Promise.reject(new ServiceError('shutting-down', 'The shadow is closed.'))
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null
      throw error
    })
    return this.#opening
  }

  async #supervised(opened: Opened, signal: AbortSignal, work: () => Promise<Analysis>): Promise<Analysis> {
    const { timeoutMilliseconds } = this.#options
    const { promise: ended, reject } = Promise.withResolvers<never>()
    const onAbort = (): void => reject(abortFault(signal))
    const deadline = setTimeout(() => reject(deadlineFault(timeoutMilliseconds)), timeoutMilliseconds)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      if (signal.aborted) throw abortFault(signal)
      return await Promise.race([work(), ended])
    } catch (error) {
      // Analysis answers with values; whatever is thrown means that this connection is not to be trusted further.
      this.#opening = null
      void this.#remove(opened).catch(() => {})
      throw error
    } finally {
      clearTimeout(deadline)
      signal.removeEventListener('abort', onAbort)
    }
  }

  async #open(): Promise<Opened> {
    const { catalog, openMilliseconds } = this.#options
    const database = `${prefix}${Date.now()}_${randomBytes(6).toString('hex')}`
    const keeper = await this.#connect(null)
    try {
      await checkServer(keeper, catalog.dialect.major)
      await removeStale(keeper)
      await keeper.run(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`)
    } catch (error) {
      throw notUsable(error)
    } finally {
      await keeper[Symbol.asyncDispose]()
    }
    const connection = await this.#connect(database)
    const late = setTimeout(() => connection.cut(), openMilliseconds)
    try {
      await fillSchema(connection, catalog.schemaStatements)
      const filled = await prepareAnalysis(connection, (statement) => connection.describe(statement))
      return { connection, filled, database }
    } catch (error) {
      connection.cut()
      throw notUsable(error)
    } finally {
      clearTimeout(late)
    }
  }

  #connect(database: string | null): Promise<PostgresConnection> {
    const url = new URL(this.#options.url.reveal())
    if (database !== null) url.pathname = `/${database}`
    return PostgresConnection.open({ connectionString: url.href, connectionTimeoutMillis: 10_000 }, name)
  }

  async #remove({ connection, database }: Opened): Promise<void> {
    connection.cut()
    const keeper = await this.#connect(null)
    try {
      await keeper.run(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
    } finally {
      await keeper[Symbol.asyncDispose]()
    }
  }
}

/** Fails closed: another version analyzes otherwise, and a superuser could do more than analyze. */
async function checkServer(connection: PostgresConnection, major: number): Promise<void> {
  const { rows } = await connection.run(
    `SELECT pg_catalog.current_setting('server_version_num'), r.rolsuper, r.rolcreatedb
     FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`,
  )
  const [version, isSuperuser, mayCreate] = rows[0] ?? []
  const own = Math.floor(Number(version) / 10_000)
  const problem =
    own !== major
      ? `it is PostgreSQL ${own}, and the data source is PostgreSQL ${major}`
      : isSuperuser === 't'
        ? 'its role is a superuser'
        : mayCreate === 't'
          ? null
          : 'its role may not create databases'
  if (problem !== null) throw unusable(problem)
}

async function removeStale(connection: PostgresConnection): Promise<void> {
  const { rows } = await connection.run(
    `SELECT d.datname FROM pg_catalog.pg_database d
     WHERE d.datname ~ '^${prefix}[0-9]+_[0-9a-f]{12}$' AND pg_catalog.pg_get_userbyid(d.datdba) = current_user
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datname = d.datname)`,
  )
  for (const [database] of rows) {
    const made = Number(database?.slice(prefix.length).split('_')[0])
    // One that somebody else removed or connected to meanwhile is theirs.
    if (Date.now() - made > staleMilliseconds)
      await connection.run(`DROP DATABASE IF EXISTS ${database}`).catch(() => {})
  }
}

function notUsable(error: unknown): unknown {
  if (error instanceof ServiceError) return error
  return unusable(error instanceof Error ? error.message : String(error))
}

function unusable(problem: string): ServiceError {
  return new ServiceError('database-unavailable', `The server for shadows cannot be used: ${problem}.`, {
    advice: 'Give it a scratch server of the same major version, and a role with CREATEDB and nothing else.',
  })
}
