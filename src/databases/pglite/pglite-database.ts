import type { PlanEstimate } from '../../core/statement.ts'
import type { Catalog } from '../../core/catalog.ts'
import { ServiceError } from '../../core/errors.ts'
import { siblingModule } from '../../processes/sibling-module.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { Database, QueryLimits, QueryResult, RoleProof } from '../database.ts'
import { admitAudits, auditCaps, withoutLedger, type Ledger } from '../differencing/audit.ts'
import { hiddenPositions } from '../mask.ts'
import { KillableProcess, type CallLimits } from '../../processes/killable-process.ts'
import { databaseProcessFaults } from '../process-faults.ts'
import { sampleRole } from '../sample/load.ts'
import { sampleAllowedRelations } from '../sample/schema.ts'
import { type RawResult, StatementError } from '../session.ts'
import { errorOfSqlstate } from '../sqlstate.ts'
import type { Images } from './images.ts'
import type { PgliteMethods, SelectInput } from './messages.ts'

export interface PgliteDatabaseOptions {
  /** Name of the data source. */
  readonly source: string
  readonly images: Images
  /** Resident memory at which the database's process is killed. */
  readonly maximumMegabytes: number
  /** The time for a start; the first one includes building the image. */
  readonly openMilliseconds: number
  /** Admits statements with an audit, which are refused without a ledger. */
  readonly ledger?: Ledger
}

const ownMilliseconds = 30_000

/** PGlite takes neither from its surroundings. */
const dates = { timeZone: 'UTC', dateOrder: null } as const

/**
 * The sample shop in a PGlite of its own process. It starts with the first call, in memory, from a prepared image; a
 * query that runs into its deadline, is aborted or takes too much memory ends the process, and the next one starts a
 * new one: nothing is lost with it.
 */
export class PgliteDatabase implements Database {
  readonly source: string
  readonly kind = 'pglite'
  readonly #process: KillableProcess
  readonly #ledger: Ledger | null

  constructor(options: PgliteDatabaseOptions) {
    this.source = options.source
    this.#ledger = options.ledger ?? null
    this.#process = new KillableProcess({
      script: siblingModule(import.meta.url, './pglite-process'),
      name: 'the sample database',
      open: async (signal) => ({ image: await options.images.image('sample', signal) }),
      openMilliseconds: options.openMilliseconds,
      faults: databaseProcessFaults,
      maximumMegabytes: options.maximumMegabytes,
      recover: () => options.images.discard('sample'),
    })
  }

  /** Starts the process ahead of the first query. */
  async warm(signal: AbortSignal): Promise<void> {
    await this.#process.warm(signal)
  }

  get keepsLedger(): boolean {
    return this.#ledger !== null
  }

  /** Process id of the database, null while it does not run. */
  get pid(): number | null {
    return this.#process.pid
  }

  async catalog(signal: AbortSignal): Promise<Catalog> {
    const catalog = await this.#ask('catalog', null, { signal, timeoutMilliseconds: ownMilliseconds })
    return { ...catalog, dates }
  }

  async query(statement: Vetted<'sql'>, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult> {
    this.#admit(statement)
    await this.warm(signal)
    const [at, started] = [new Date(), performance.now()]
    const rowLimits = { ...limits, hidden: hiddenPositions(statement) }
    const input = { statement: statement.text, role: sampleRole, limits: rowLimits, audits: this.#audits(statement) }
    const result = await this.#ask('select', input, {
      signal,
      timeoutMilliseconds: limits.timeoutMilliseconds,
      answer: (results) => this.#admitAudits(statement, results as readonly RawResult[]),
    })
    return { ...result, asOf: at, lagMilliseconds: null, dates, milliseconds: Math.round(performance.now() - started) }
  }

  #audits({ audit }: Vetted<'sql'>): SelectInput['audits'] {
    if (audit === undefined) return null
    if (this.#ledger === null) throw withoutLedger(this.source)
    return { texts: audit.sets.map(({ text }) => text), caps: auditCaps(this.#ledger.options) }
  }

  async #admitAudits(statement: Vetted<'sql'>, results: readonly RawResult[]): Promise<void> {
    if (this.#ledger === null) throw withoutLedger(this.source)
    await admitAudits(statement, results, this.#ledger)
  }

  async estimate(statement: Vetted<'sql'>, signal: AbortSignal): Promise<PlanEstimate> {
    this.#admit(statement)
    const { text, relations, functions } = statement
    return this.#ask(
      'estimate',
      { text, relations, functions, role: sampleRole },
      { signal, timeoutMilliseconds: ownMilliseconds },
    )
  }

  async prove(signal: AbortSignal): Promise<RoleProof> {
    const input = { role: sampleRole, allowed: sampleAllowedRelations }
    return this.#ask('prove', input, { signal, timeoutMilliseconds: ownMilliseconds })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
  }

  #admit(statement: Vetted<'sql'>): void {
    if (statement.source === this.source) return
    throw new ServiceError('internal', `a statement vetted for "${statement.source}" was given to "${this.source}"`)
  }

  async #ask<Method extends keyof PgliteMethods>(
    method: Method,
    input: PgliteMethods[Method]['input'],
    limits: CallLimits,
  ): Promise<PgliteMethods[Method]['value']> {
    try {
      return (await this.#process.call(method, input, limits)) as PgliteMethods[Method]['value']
    } catch (error) {
      throw error instanceof StatementError ? errorOfSqlstate(error.sqlstate) : error
    }
  }
}
