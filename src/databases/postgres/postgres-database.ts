import type { Catalog } from '../../core/catalog.ts'
import { ServiceError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { Vetted } from '../../core/vetted.ts'
import { readCatalog } from '../catalog.ts'
import type { Database, PlanEstimate, QueryLimits, QueryResult, RoleProof } from '../database.ts'
import { estimatePlan } from '../plan.ts'
import { admitAudits, auditCaps, readAudits, withoutLedger, type Ledger } from '../ledger/audit.ts'
import { proveRole } from '../prove.ts'
import { describeFields, readCaps, toRows } from '../rows.ts'
import { StatementError } from '../session.ts'
import { errorOfSqlstate } from '../sqlstate.ts'
import { ConnectionPool } from '../connections/connection-pool.ts'
import { PostgresConnection } from './connection.ts'
import { supervised } from '../connections/supervised.ts'
import { beginRead, type ReadTransactionOptions, type ServerState } from './transaction.ts'

export interface PostgresDatabaseOptions {
  /** Name of the data source. */
  readonly source: string
  /** `postgresql://role:password@host:port/database`. */
  readonly url: Secret
  readonly connections: number
  /** A replica further behind is not asked; null asks it whatever its lag. */
  readonly maximumLagMilliseconds: number | null
  /** Accept a server that is no replica. */
  readonly allowPrimary: boolean
  /** Serve although the role can do more than it should; `report` is told once what that is. */
  readonly acceptExcess: boolean
  report?(proof: RoleProof): void
  /** `schema.relation` of what any policy allows on this source; null leaves other readable tables unquestioned. */
  readonly allowed?: readonly string[] | null
  /** Where statements look for unqualified names; `public` and no temporary tables before it. */
  readonly searchPath?: string
  /** A query of one value: milliseconds since the last heartbeat the replica has seen. */
  readonly heartbeat?: string | null
  /** Longest wait for a connection to be made. */
  readonly connectMilliseconds?: number
  /** Without one, statements with an audit are refused. */
  readonly ledger?: Ledger
}

const defaultConnectMilliseconds = 10_000
const ownQueryMilliseconds = 30_000
/** Ended by the server for reasons of replication or deadlock; a second try has a new snapshot. */
const worthASecondTry = new Set(['40001', '40P01'])

/** A PostgreSQL server, best a hot standby, asked through a pool of its own with a role that can only read. */
export class PostgresDatabase implements Database {
  readonly source: string
  readonly kind = 'postgresql'
  readonly #options: PostgresDatabaseOptions
  readonly #pool: ConnectionPool<PostgresConnection>
  readonly #transaction: ReadTransactionOptions
  #proof: Promise<RoleProof> | null = null

  constructor(options: PostgresDatabaseOptions) {
    this.source = options.source
    this.#options = options
    this.#transaction = { searchPath: options.searchPath ?? 'public, pg_temp', heartbeat: options.heartbeat ?? null }
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
    return this.#own(signal, readCatalog)
  }

  async prove(signal: AbortSignal): Promise<RoleProof> {
    return this.#own(signal, (connection) =>
      proveRole(connection, { prelude: [], allowed: this.#options.allowed ?? null }),
    )
  }

  /** The server's state as a statement would find it: is it a replica, and how far behind. */
  async state(signal: AbortSignal): Promise<ServerState> {
    return this.#own(signal, (connection) =>
      beginRead(connection, { timeoutMilliseconds: ownQueryMilliseconds }, this.#transaction),
    )
  }

  async query(statement: Vetted<'sql'>, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult> {
    this.#admitStatement(statement)
    await this.#admitRole(signal)
    try {
      return await this.#attempt(statement, limits, signal)
    } catch (error) {
      if (!(error instanceof StatementError)) throw error
      if (!worthASecondTry.has(error.sqlstate) || signal.aborted) throw errorOfSqlstate(error.sqlstate)
    }
    return this.#attempt(statement, limits, signal).catch(throwFixed)
  }

  async estimate(statement: Vetted<'sql'>, signal: AbortSignal): Promise<PlanEstimate> {
    this.#admitStatement(statement)
    await this.#admitRole(signal)
    return this.#own(signal, async (connection) => {
      await beginRead(connection, { timeoutMilliseconds: ownQueryMilliseconds }, this.#transaction)
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
        const oneSnapshot = statement.audit !== undefined
        const state = await beginRead(connection, limits, { ...this.#transaction, oneSnapshot })
        this.#admitState(state)
        await this.#audit(connection, statement)
        const raw = await connection.read(statement.text, readCaps(limits))
        const result = toRows(raw, await describeFields(connection, raw.fields), limits)
        const { asOf, lagMilliseconds } = state
        return { ...result, asOf, lagMilliseconds, milliseconds: Math.round(performance.now() - started) }
      }),
    )
  }

  async #audit(connection: PostgresConnection, statement: Vetted<'sql'>): Promise<void> {
    const { ledger } = this.#options
    if (statement.audit === undefined) return
    if (ledger === undefined) throw withoutLedger(this.source)
    const texts = statement.audit.sets.map(({ text }) => text)
    admitAudits(statement, await readAudits(connection, texts, auditCaps(ledger.options)), ledger)
  }

  /** Work of this adapter itself, outside any statement of a user. */
  #own<T>(signal: AbortSignal, work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    const limits = { signal, timeoutMilliseconds: ownQueryMilliseconds }
    return this.#pool
      .with(signal, (connection) => supervised(connection, limits, () => work(connection)))
      .catch(throwFixed)
  }

  #admitStatement(statement: Vetted<'sql'>): void {
    if (statement.source === this.source) return
    throw new ServiceError('internal', `a statement vetted for "${statement.source}" was given to "${this.source}"`)
  }

  /** Proven once, by the first query: a role that can do more than it should is not used. */
  async #admitRole(signal: AbortSignal): Promise<void> {
    if (this.#proof === null) {
      const proving = this.prove(signal)
      this.#proof = proving
      // What failed or was refused is proven again by the next query; the role may have been put right.
      proving.then(
        ({ excess }) => excess.length > 0 && !this.#options.acceptExcess && (this.#proof = null),
        () => (this.#proof = null),
      )
      if (this.#options.acceptExcess)
        await proving.then((proof) => proof.excess.length > 0 && this.#options.report?.(proof))
    }
    const { role, excess } = await this.#proof
    if (excess.length === 0 || this.#options.acceptExcess) return
    throw new ServiceError('database-unavailable', `The role "${role}" of "${this.source}" ${excess.join('; ')}.`, {
      advice: 'Make a role with "sallyport sql grant-script", or set accept_excess: true knowingly.',
    })
  }

  #admitState({ inRecovery, lagMilliseconds }: ServerState): void {
    const { maximumLagMilliseconds, allowPrimary } = this.#options
    if (!inRecovery && !allowPrimary) {
      throw new ServiceError('database-unavailable', `The server of "${this.source}" is a primary, not a replica.`, {
        advice: 'Point the source at a hot standby, or set allow_primary: true knowingly.',
      })
    }
    if (maximumLagMilliseconds === null) return
    if (lagMilliseconds === null || lagMilliseconds > maximumLagMilliseconds) {
      const lag = lagMilliseconds === null ? 'an unknown time' : `${lagMilliseconds} ms`
      const message = `The replica of "${this.source}" is ${lag} behind; at most ${maximumLagMilliseconds} ms are allowed.`
      throw new ServiceError('database-unavailable', message)
    }
  }
}

function throwFixed(error: unknown): never {
  throw error instanceof StatementError ? errorOfSqlstate(error.sqlstate) : error
}
