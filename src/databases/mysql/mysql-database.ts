import type { PlanEstimate } from '../../core/statement.ts'
import type { ConnectionOptions } from 'mysql2'
import type { Catalog } from '../../core/catalog.ts'
import type { JsonValue } from '../../core/json.ts'
import type { Secret } from '../../core/secret.ts'
import type { Vetted } from '../../core/vetted.ts'
import { Admission, type ServerSource } from '../connections/admission.ts'
import { ConnectionPool } from '../connections/connection-pool.ts'
import { supervised } from '../connections/supervised.ts'
import type { Database, QueryLimits, QueryResult, ResultColumn, RoleProof } from '../database.ts'
import { hiddenPositions } from '../mask.ts'
import { readCaps, rowBytes, type RowLimits } from '../rows.ts'
import { namesIn, type CanonicalNames } from './canonical-names.ts'
import { readCatalog } from './catalog.ts'
import { MysqlConnection, type MysqlField, type MysqlResult } from './connection.ts'
import { errorOfErrno, MysqlError } from './errors.ts'
import { estimatePlan } from './plan.ts'
import { proveRole } from './prove.ts'
import { beginRead, serverFacts, type ServerFacts, type ServerState } from './transaction.ts'
import { toJsonValue, typeName } from './values.ts'

/** `url`: `mysql://account:password@host:port/database`; the database is what names without a schema mean. */
export type MysqlDatabaseOptions = ServerSource

const connectMilliseconds = 10_000
const ownQueryMilliseconds = 30_000
const words = {
  role: 'account',
  isNoReplica: 'is not read-only, as a replica is',
  replica: 'a replica with read_only',
}
/** Ended by the server for the sake of another transaction; a second try has a new snapshot. */
const worthASecondTry = new Set([1213, 1205])

/** A MySQL or MariaDB server, best a replica, asked through a pool of its own with an account that can only read. */
export class MysqlDatabase implements Database {
  readonly source: string
  readonly kind = 'mysql'
  readonly #options: MysqlDatabaseOptions
  readonly #pool: ConnectionPool<MysqlConnection>
  readonly #admission: Admission
  #facts: ServerFacts | null = null

  constructor(options: MysqlDatabaseOptions) {
    this.source = options.source
    this.#options = options
    this.#admission = new Admission(options, words, (signal) => this.prove(signal))
    this.#pool = new ConnectionPool({
      maximum: options.connections,
      open: () => MysqlConnection.open(addressOf(options.url), options.source),
    })
  }

  async catalog(signal: AbortSignal): Promise<Catalog> {
    return this.#own(signal, async (connection) => {
      const catalog = await readCatalog(connection)
      const { timeZone } = await this.#begin(connection, ownQueryMilliseconds)
      return { ...catalog, dates: { timeZone, dateOrder: null } }
    })
  }

  async prove(signal: AbortSignal): Promise<RoleProof> {
    return this.#own(signal, (connection) => proveRole(connection, this.#options.allowed ?? null))
  }

  async state(signal: AbortSignal): Promise<ServerState> {
    return this.#own(signal, (connection) => this.#begin(connection, ownQueryMilliseconds))
  }

  async query(statement: Vetted<'sql'>, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult> {
    await this.#admission.statement(statement, signal)
    try {
      return await this.#attempt(statement, limits, signal)
    } catch (error) {
      if (!(error instanceof MysqlError) || !worthASecondTry.has(error.errno) || signal.aborted) throwFixed(error)
    }
    return this.#attempt(statement, limits, signal).catch(throwFixed)
  }

  async estimate(statement: Vetted<'sql'>, signal: AbortSignal): Promise<PlanEstimate> {
    await this.#admission.statement(statement, signal)
    return this.#own(signal, async (connection) => {
      await this.#begin(connection, ownQueryMilliseconds)
      return estimatePlan(connection, statement)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]()
  }

  #attempt(statement: Vetted<'sql'>, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult> {
    return this.#pool.with(signal, (connection) =>
      supervised(connection, { signal, timeoutMilliseconds: limits.timeoutMilliseconds }, async () => {
        const started = performance.now()
        const state = await this.#begin(connection, limits.timeoutMilliseconds)
        this.#admission.state(state)
        const rowLimits = { ...limits, hidden: hiddenPositions(statement) }
        const raw = await connection.read(statement.text, readCaps(rowLimits))
        const { asOf, lagMilliseconds, timeZone } = state
        const dates = { timeZone, dateOrder: null }
        const milliseconds = Math.round(performance.now() - started)
        return { ...toRows(raw, { statement, timeZone }, rowLimits), asOf, lagMilliseconds, dates, milliseconds }
      }),
    )
  }

  async #begin(connection: MysqlConnection, timeoutMilliseconds: number): Promise<ServerState> {
    this.#facts ??= await serverFacts(connection)
    const { isMariadb } = this.#facts
    return beginRead(
      connection,
      { timeoutMilliseconds, isMariadb, timeZone: this.#options.timeZone ?? null },
      this.#options.heartbeat ?? null,
    )
  }

  /** Work of this adapter itself, outside any statement of a user. */
  #own<T>(signal: AbortSignal, work: (connection: MysqlConnection) => Promise<T>): Promise<T> {
    const limits = { signal, timeoutMilliseconds: ownQueryMilliseconds }
    return this.#pool
      .with(signal, (connection) => supervised(connection, limits, () => work(connection)))
      .catch(throwFixed)
  }
}

function addressOf(url: Secret): ConnectionOptions {
  const { hostname, port, username, password, searchParams } = new URL(url.reveal())
  return {
    host: decodeURIComponent(hostname),
    port: port === '' ? 3306 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    connectTimeout: connectMilliseconds,
    ...(searchParams.get('ssl') === 'true' ? { ssl: { rejectUnauthorized: true } } : {}),
  }
}

type Rows = Pick<QueryResult, 'columns' | 'rows' | 'truncated'>

/** A raw result as JSON rows within the limits. `raw` holds one row more than allowed where there are more. */
function toRows(
  raw: MysqlResult,
  { statement, timeZone }: { readonly statement: Vetted<'sql'>; readonly timeZone: string },
  limits: RowLimits,
): Rows {
  const names = namesIn(statement.text)
  const columns = raw.fields.map((field) => describeField(field, statement, names))
  const rows: JsonValue[][] = []
  let bytes = 0
  for (const rawRow of raw.rows) {
    if (rows.length === limits.maximumRows) return { columns, rows, truncated: 'rows' }
    const row = raw.fields.map((field, index) => toJsonValue(rawRow[index] ?? null, field, timeZone))
    bytes += rowBytes(row, limits.hidden)
    if (bytes > limits.maximumBytes) return { columns, rows, truncated: 'bytes' }
    rows.push(row)
  }
  if (raw.isCut === true) return { columns, rows, truncated: rows.length === limits.maximumRows ? 'rows' : 'bytes' }
  return { columns, rows, truncated: null }
}

/**
 * Where a column comes from. The server names the alias, which the canonical text gives each table once, and a table.
 * That table is sometimes the one behind a view (sorted, grouped, distinct, or through a subquery), which the statement
 * did not resolve: then the origin is the view, under the name its column has there. A column that has another name
 * behind its view has no origin, nor has one of a subquery over something unresolved. Any other origin stays as the
 * server says it, and is withheld where it was not resolved.
 */
function describeField(
  field: MysqlField,
  { relations, columns }: Vetted<'sql'>,
  { aliases, made }: CanonicalNames,
): ResultColumn {
  const { name, table, orgTable, orgName: column, schema } = field
  const type = typeName(field)
  const computed = { name, type, origin: null }
  if (!schema || !orgTable || !column) return computed
  const relation = `${schema}.${orgTable}`
  const own = aliases.get(table)
  const isSeenThrough = own !== undefined && own !== relation && orgTable !== table
  if (isSeenThrough) {
    return columns.includes(`${own}.${column}`) ? { name, type, origin: { relation: own, column } } : computed
  }
  if (made.has(orgTable)) return computed
  if (made.has(table) && !(relations.includes(relation) && columns.includes(`${relation}.${column}`))) return computed
  return { name, type, origin: { relation: aliases.get(orgTable) ?? relation, column } }
}

function throwFixed(error: unknown): never {
  throw error instanceof MysqlError ? errorOfErrno(error.errno) : error
}
