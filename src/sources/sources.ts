import type { SqlGateEvent } from '../core/facts.ts'
import type { Catalog, Shadow } from '../core/catalog.ts'
import type { OnActivity } from '../core/activity.ts'
import { ServiceError } from '../core/errors.ts'
import type { Database, RoleProof } from '../databases/database.ts'
import { isSchemaChanged } from '../databases/postgres/inheritance.ts'
import type { SqlGateOptions } from '../validators/sql/options.ts'
import type { SourcesConfig } from './options.ts'
import type { GrantedSource } from './source.ts'
import { createDuckdbGate } from '../validators/sql/duckdb/gate.ts'
import { createPostgresqlGate } from '../validators/sql/postgresql/gate.ts'
import { createMysqlGate } from '../validators/sql/mysql/gate.ts'
import { GateProcess } from '../validators/sql/process/gate-process.ts'
import type { SqlPolicyOptions } from '../validators/sql/options.ts'
import { findRelation, type SqlPolicy } from '../validators/sql/policy.ts'
import type { Validator } from '../validators/validator.ts'
import { bindTraced } from './bind-written.ts'
import { type Databases, samplePolicy } from './databases.ts'
import { policiesOf } from './policies.ts'
import { refuseSharedLedgers } from './shared-ledgers.ts'

/** A source as one group of callers sees it. */
interface GateName {
  readonly source: string
  readonly group: string
}

interface OpenGate {
  readonly gate: Validator<'sql'> & AsyncDisposable
  readonly policy: SqlPolicy
  /** What the policy is bound to. */
  readonly catalog: Catalog
}

interface OpenSource {
  readonly catalog: Catalog
  /** null where statements are read by the source itself, or without one. */
  readonly shadow: (Shadow & AsyncDisposable) | null
  /** When the schema was last looked at, in milliseconds of the process. */
  looked: number
  readonly gates: Map<string, Omit<OpenGate, 'catalog'>>
}

interface SourcesTold {
  readonly onGateEvent: (event: SqlGateEvent) => void
  readonly onActivity: OnActivity
}

/** How long a schema is taken for unchanged. */
const lookMilliseconds = 60_000

/**
 * The data sources with their gates, one per group. A source opens when it is first asked: its catalog is read, its
 * shadow filled and its policy bound, so that an unknown name in a policy stops it before anything runs.
 */
export class Sources implements AsyncDisposable {
  readonly #config: SourcesConfig & { readonly sql: SqlGateOptions }
  readonly #databases: Databases
  readonly #told: SourcesTold
  readonly #open = new Map<string, Promise<OpenSource>>()
  /** What the servers of each source said they hold, since they were last proven. */
  readonly #identities = new Map<string, readonly string[]>()
  #process: GateProcess | null = null

  constructor(config: SourcesConfig & { readonly sql: SqlGateOptions }, databases: Databases, told: SourcesTold) {
    this.#config = config
    this.#databases = databases
    this.#told = told
  }

  names(): readonly string[] {
    return Object.keys(this.#config.sources)
  }

  /** A source as the tools of a group see it; opens nothing yet. */
  forTools(name: string, group: string): GrantedSource {
    const database = this.database(name)
    let policy: SqlPolicy | null = null
    const validator: Validator<'sql'> = {
      language: 'sql',
      validate: async (statement, signal) => (await this.gate(name, group, signal)).gate.validate(statement, signal),
    }
    const catalog = async (signal: AbortSignal): Promise<Catalog> => {
      policy = (await this.gate(name, group, signal)).policy
      return database.catalog(signal)
    }
    const visible = (relation: string, column: string | null): boolean => {
      if (policy === null) return false
      const [schema = '', table = ''] = relation.split('.')
      const allowed = findRelation(policy, schema, table)
      if (allowed === null || column === null) return allowed !== null
      return (allowed.columns.get(column)?.kind ?? 'deny') !== 'deny'
    }
    const seen: GrantedSource['database'] = {
      source: database.source,
      kind: database.kind,
      // Through the gate, so that what is visible goes by the policy of this catalog.
      catalog,
      query: (statement, limits, signal) => database.query(statement, limits, signal),
    }
    const catalogOfGate = async (signal: AbortSignal): Promise<Catalog> =>
      (await this.gate(name, group, signal)).catalog
    return { database: seen, validator, visible, catalogOfGate }
  }

  database(name: string): Database {
    const source = this.#config.sources[name]
    if (source === undefined) {
      throw new ServiceError('not-found', `There is no data source "${name}".`, {
        advice: `There are: ${this.names().join(', ') || 'none; add one under sources'}.`,
      })
    }
    const database = this.#databases.database(name, source.database)
    return watched(database, {
      schemaChanged: () => this.#lookAgain(name),
      proven: ({ identities = [] }) => void this.#identities.set(name, identities),
    })
  }

  async gate(name: string, group: string, signal: AbortSignal): Promise<OpenGate> {
    using _ = this.#told.onActivity(`opening the source ${name}`)
    const open = await this.#current(name, signal)
    const known = open.gates.get(group)
    if (known !== undefined) return { ...known, catalog: open.catalog }
    const policies = this.#config.sources[name]?.policies ?? {}
    const place = `sources.${name}.policies.${Object.hasOwn(policies, group) ? group : 'default'}`
    const policy = await bindTraced(this.#policyOptions(name, group), open, { place, signal })
    refuseSharedLedgers({
      config: this.#config,
      catalog: open.catalog,
      policy,
      name,
      group,
      identities: this.#identities,
    })
    const meanwhile = open.gates.get(group)
    if (meanwhile !== undefined) return { ...meanwhile, catalog: open.catalog }
    const gate = this.#createGate({ source: name, group }, open, policy)
    open.gates.set(group, { gate, policy })
    return { gate, policy, catalog: open.catalog }
  }

  #createGate({ source, group }: GateName, { catalog, shadow }: OpenSource, policy: SqlPolicy): OpenGate['gate'] {
    const given = { source, catalog, policy, options: this.#config.sql }
    const database = this.database(source)
    const estimate = database.estimate === undefined ? {} : { estimate: database.estimate.bind(database) }
    const shared = { process: this.#gateProcess(), report: this.#told.onGateEvent, ...estimate }
    if (catalog.dialect.name === 'mysql') return createMysqlGate({ ...given, ...shared })
    if (shadow === null) {
      const analyzer = this.#databases.analyzer(source)
      if (analyzer === null) throw new ServiceError('internal', `nothing reads the statements of "${source}"`)
      return createDuckdbGate({ ...given, analyzer })
    }
    return createPostgresqlGate({ ...given, ...shared, shadow, group })
  }

  /** Starts what analyzes the statements on a source. Throws where it cannot be used. */
  async warmShadow(name: string, signal: AbortSignal): Promise<void> {
    const { shadow } = await this.#current(name, signal)
    await shadow?.warm?.(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sources = await Promise.allSettled(this.#open.values())
    const open = sources.flatMap((source) => (source.status === 'fulfilled' ? [source.value] : []))
    await Promise.all(open.flatMap(({ gates }) => [...gates.values()].map(({ gate }) => gate[Symbol.asyncDispose]())))
    await this.#process?.[Symbol.asyncDispose]()
  }

  /**
   * The source as it is now: a schema that changed gets a new shadow and new gates, and its policies are bound again. A
   * statement that is being checked against the old one is refused and may be sent again.
   */
  async #current(name: string, signal: AbortSignal): Promise<OpenSource> {
    const opening = this.#open.get(name) ?? this.#openSource(name, signal)
    this.#open.set(name, opening)
    // A failed opening is tried again by the next statement.
    opening.catch(() => this.#open.delete(name))
    const open = await opening
    if (performance.now() - open.looked < lookMilliseconds) return open
    open.looked = performance.now()
    const catalog = await this.database(name).catalog(signal)
    if (catalog.fingerprint === open.catalog.fingerprint) return open
    const changed = this.#sourceOf(name, catalog)
    this.#open.set(name, Promise.resolve(changed))
    await open.shadow?.[Symbol.asyncDispose]()
    return changed
  }

  /** The next statement is checked against the schema as it is by then. */
  #lookAgain(name: string): void {
    void this.#open.get(name)?.then(
      (open) => (open.looked = -Infinity),
      () => {},
    )
  }

  async #openSource(name: string, signal: AbortSignal): Promise<OpenSource> {
    return this.#sourceOf(name, await this.database(name).catalog(signal))
  }

  #sourceOf(name: string, catalog: Catalog): OpenSource {
    const options = this.#config.sources[name]?.database ?? { kind: 'sample' }
    const shadow = catalog.dialect.name === 'postgresql' ? this.#databases.shadow(catalog, options) : null
    return { catalog, shadow, looked: performance.now(), gates: new Map() }
  }

  #gateProcess(): GateProcess {
    const { deadline_ms: deadlineMilliseconds, memory_mb: memoryMegabytes } = this.#config.sql
    this.#process ??= new GateProcess({ deadlineMilliseconds, memoryMegabytes })
    return this.#process
  }

  #policyOptions(name: string, group: string): SqlPolicyOptions {
    const source = this.#config.sources[name]
    const policies = policiesOf(this.#config, name)
    const written = Object.hasOwn(policies, group) ? policies[group] : policies['default']
    if (written !== undefined) return written
    if (source?.database.kind === 'sample') return samplePolicy
    throw new ServiceError('forbidden', `The group "${group}" may read nothing of "${name}".`, {
      advice: `Name what it may read under sources.${name}.policies.${group}.`,
    })
  }
}

interface Watcher {
  /** Called when a statement was refused because the schema changed. */
  readonly schemaChanged: () => void
  readonly proven: (proof: RoleProof) => void
}

/** The same database, whose watcher is told. */
function watched(database: Database, watcher: Watcher): Database {
  return {
    source: database.source,
    kind: database.kind,
    keepsLedger: database.keepsLedger === true,
    ...(database.estimate === undefined ? {} : { estimate: database.estimate.bind(database) }),
    ...(database.state === undefined ? {} : { state: database.state.bind(database) }),
    catalog: (signal) => database.catalog(signal),
    query: async (statement, limits, signal) => {
      try {
        return await database.query(statement, limits, signal)
      } catch (thrown) {
        if (isSchemaChanged(thrown)) watcher.schemaChanged()
        throw thrown
      }
    },
    prove: async (signal) => {
      const proof = await database.prove(signal)
      watcher.proven(proof)
      return proof
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
