import type { PlanEstimate } from '../../core/statement.ts'
import type { Catalog } from '../../core/catalog.ts'
import type { ServiceError } from '../../core/errors.ts'
import type { Vetted } from '../../core/vetted.ts'
import { readCatalog } from '../catalog.ts'
import type { Database, QueryLimits, QueryResult, RoleProof } from '../database.ts'
import { estimatePlan } from '../plan.ts'
import { admitAudits, auditCaps, readAudits, withoutLedger, type Ledger } from '../differencing/audit.ts'
import { hiddenPositions } from '../mask.ts'
import { proveRole } from '../prove.ts'
import { describeFields, readCaps, toRows } from '../rows.ts'
import { StatementError } from '../session.ts'
import { errorOfSqlstate } from '../sqlstate.ts'
import { Admission, type ServerSource } from '../connections/admission.ts'
import { ConnectionPool } from '../connections/connection-pool.ts'
import { PostgresConnection } from './connection.ts'
import { databaseIdentities } from './database-identity.ts'
import { checkInheritance } from './inheritance.ts'
import { findMissingRight } from './missing-rights.ts'
import { supervised } from '../connections/supervised.ts'
import { beginRead, type ReadTransactionOptions, type ServerState } from './transaction.ts'

/** `url`: `postgresql://role:password@host:port/database`. */
export interface PostgresDatabaseOptions extends ServerSource {
  /** Where statements look for unqualified names; `public` and no temporary tables before it. */
  readonly searchPath?: string
  /** Longest wait for a connection to be made. */
  readonly connectMilliseconds?: number
  /** Admits statements with an audit, which are refused without a ledger. */
  readonly ledger?: Ledger
}

const defaultConnectMilliseconds = 10_000
const ownQueryMilliseconds = 30_000
const words = { role: 'role', isNoReplica: 'is a primary, not a replica', replica: 'a hot standby' }
/** Ended by the server for reasons of replication or deadlock; a second try has a new snapshot. */
const lacksRight = '42501'
const worthASecondTry = new Set(['40001', '40P01'])

/** A PostgreSQL server, best a hot standby, asked through a pool of its own with a role that can only read. */
export class PostgresDatabase implements Database {
  readonly source: string
  readonly kind = 'postgresql'
  readonly #options: PostgresDatabaseOptions
  readonly #pool: ConnectionPool<PostgresConnection>
  readonly #transaction: ReadTransactionOptions
  readonly #admission: Admission

  constructor(options: PostgresDatabaseOptions) {
    this.source = options.source
    this.#options = options
    this.#admission = new Admission(options, words, (signal) => this.prove(signal))
    this.#transaction = {
      searchPath: options.searchPath ?? 'public, pg_temp',
      heartbeat: options.heartbeat ?? null,
      dates: { timeZone: options.timeZone ?? null, dateOrder: options.dateOrder ?? null },
    }
    this.#pool = new ConnectionPool({
      maximum: options.connections,
      open: () =>
        PostgresConnection.open(
          {
            connectionString: options.url.reveal(),
            connectionTimeoutMillis: options.connectMilliseconds ?? defaultConnectMilliseconds,
          },
          options.source,
        ),
    })
  }

  get keepsLedger(): boolean {
    return this.#options.ledger !== undefined
  }

  async catalog(signal: AbortSignal): Promise<Catalog> {
    return this.#own(signal, async (connection) => {
      const catalog = await readCatalog(connection)
      const { dates } = await beginRead(connection, { timeoutMilliseconds: ownQueryMilliseconds }, this.#transaction)
      return { ...catalog, dates }
    })
  }

  async prove(signal: AbortSignal): Promise<RoleProof> {
    return this.#own(signal, async (connection) => {
      const proof = await proveRole(connection, {
        prelude: [],
        allowed: this.#options.allowed ?? null,
        functions: this.#options.functions ?? [],
      })
      return { ...proof, identities: await databaseIdentities(connection) }
    })
  }

  /** The server's state as a statement would find it: is it a replica, and how far behind. */
  async state(signal: AbortSignal): Promise<ServerState> {
    return this.#own(signal, (connection) =>
      beginRead(connection, { timeoutMilliseconds: ownQueryMilliseconds }, this.#transaction),
    )
  }

  async query(statement: Vetted<'sql'>, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult> {
    await this.#admission.statement(statement, signal)
    try {
      return await this.#attempt(statement, limits, signal)
    } catch (error) {
      if (!(error instanceof StatementError)) throw error
      if (!worthASecondTry.has(error.sqlstate) || signal.aborted) throw await this.#faultOf(error, statement, signal)
    }
    return this.#attempt(statement, limits, signal).catch(throwFixed)
  }

  async estimate(statement: Vetted<'sql'>, signal: AbortSignal): Promise<PlanEstimate> {
    await this.#admission.statement(statement, signal)
    try {
      return await this.#asked(signal, async (connection) => {
        await beginRead(connection, { timeoutMilliseconds: ownQueryMilliseconds }, this.#transaction)
        return estimatePlan(connection, statement)
      })
    } catch (error) {
      throw error instanceof StatementError ? await this.#faultOf(error, statement, signal) : error
    }
  }

  /** The fixed sentence for a fault; where the role lacks a right, which one it is, if the server says so. */
  async #faultOf({ sqlstate }: StatementError, statement: Vetted<'sql'>, signal: AbortSignal): Promise<ServiceError> {
    const missing =
      sqlstate === lacksRight
        ? await this.#own(signal, (connection) => findMissingRight(connection, statement)).catch(() => null)
        : null
    return missing ?? errorOfSqlstate(sqlstate)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]()
  }

  #attempt(statement: Vetted<'sql'>, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult> {
    return this.#pool.with(signal, (connection) =>
      supervised(connection, { signal, timeoutMilliseconds: limits.timeoutMilliseconds }, async () => {
        const started = performance.now()
        const oneSnapshot = statement.audit !== undefined
        const state = await beginRead(connection, limits, { ...this.#transaction, oneSnapshot })
        this.#admission.state(state)
        await this.#audit(connection, statement)
        const result = await readRows(connection, statement, limits)
        await this.#checkInheritance(connection, statement, signal)
        const { asOf, lagMilliseconds, dates } = state
        return { ...result, asOf, lagMilliseconds, dates, milliseconds: Math.round(performance.now() - started) }
      }),
    )
  }

  async #audit(connection: PostgresConnection, statement: Vetted<'sql'>): Promise<void> {
    const { ledger } = this.#options
    if (statement.audit === undefined) return
    if (ledger === undefined) throw withoutLedger(this.source)
    // What is admitted to the ledger of one table would stand in the way of the ledger of the tree that it is part of by now.
    if (statement.inheritance !== undefined) await checkInheritance(connection, statement.inheritance)
    const texts = statement.audit.sets.map(({ text }) => text)
    await admitAudits(statement, await readAudits(connection, texts, auditCaps(ledger.options)), ledger)
  }

  /** Uses another connection where a row that was too large ended this one. */
  async #checkInheritance(
    connection: PostgresConnection,
    { inheritance }: Vetted<'sql'>,
    signal: AbortSignal,
  ): Promise<void> {
    if (inheritance === undefined) return
    if (!connection.reusable) return this.#own(signal, (other) => checkInheritance(other, inheritance))
    await connection.run('ROLLBACK')
    await checkInheritance(connection, inheritance)
  }

  /** Work of this adapter itself, outside any statement of a user. */
  #own<T>(signal: AbortSignal, work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    return this.#asked(signal, work).catch(throwFixed)
  }

  #asked<T>(signal: AbortSignal, work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    const limits = { signal, timeoutMilliseconds: ownQueryMilliseconds }
    return this.#pool.with(signal, (connection) => supervised(connection, limits, () => work(connection)))
  }
}

/** Columns are described before the rows are read where reading may end with the connection. */
async function readRows(
  connection: PostgresConnection,
  statement: Vetted<'sql'>,
  limits: QueryLimits,
): Promise<Pick<QueryResult, 'columns' | 'rows' | 'truncated'>> {
  const rowLimits = { ...limits, hidden: hiddenPositions(statement) }
  const early =
    rowLimits.hidden.length === 0
      ? null
      : await describeFields(connection, (await connection.describe(statement.text)).fields)
  const raw = await connection.read(statement.text, readCaps(rowLimits))
  return toRows(raw, early ?? (await describeFields(connection, raw.fields)), rowLimits)
}

function throwFixed(error: unknown): never {
  throw error instanceof StatementError ? errorOfSqlstate(error.sqlstate) : error
}
