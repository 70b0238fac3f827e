import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { OnFileNotes } from '../core/table-format.ts'
import type { LedgerPlace } from '../core/answer-ledger.ts'
import type { Catalog, Shadow, StatementAnalyzer } from '../core/catalog.ts'
import type { ServerSource } from '../databases/connections/admission.ts'
import type { Database, RoleProof } from '../databases/database.ts'
import { DuckdbDatabase } from '../databases/duckdb/duckdb-database.ts'
import { DifferencingLedger } from '../databases/differencing/differencing-ledger.ts'
import { createMaskedDatabase } from '../databases/masked-database.ts'
import { MysqlDatabase } from '../databases/mysql/mysql-database.ts'
import type { DatabaseOptions, DatabasesOptions, ServerOptions } from '../databases/options.ts'
import { createImages, type Images } from '../databases/pglite/images.ts'
import { PgliteDatabase } from '../databases/pglite/pglite-database.ts'
import { PostgresDatabase } from '../databases/postgres/postgres-database.ts'
import { PostgresReplicas } from '../databases/postgres/postgres-replicas.ts'
import { sampleAllowedRelations } from '../databases/sample/schema.ts'
import { openAdHocCatalog } from '../databases/shadow/ad-hoc-catalog.ts'
import { PgliteShadow } from '../databases/shadow/pglite-shadow.ts'
import { PostgresShadow } from '../databases/shadow/postgres-shadow.ts'
import { sqlPolicyOptions, type SqlPolicyOptions } from '../validators/sql/options.ts'
import { signatureOf } from '../validators/sql/postgresql/functions/function-policy.ts'
import { createOpenGuest } from './duckdb-guest.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import type { SandboxLimitOptions } from '../sandbox/options.ts'
import type { SourcesConfig } from './options.ts'
import { policiesOf } from './policies.ts'

/** What everybody may read of the sample shop: all of it but the salaries, so that a refusal can be seen. */
export const samplePolicy: SqlPolicyOptions = sqlPolicyOptions.parse({
  relations: Object.fromEntries(sampleAllowedRelations.map((name) => [name, '*'])),
})

/**
 * Share of the sandbox's memory that DuckDB gets; the rest is for Python and for what a statement takes beside its
 * buffers.
 */
const duckdbShare = 0.6

interface DatabasesConfig extends SourcesConfig {
  readonly databases: DatabasesOptions
  readonly state_directory: string
  /** Limits of the sandboxes in which files are read. */
  readonly sandbox: { readonly limits: SandboxLimitOptions }
}

interface DatabasesParts {
  /** Where is remembered what was answered about aggregate-only columns. */
  readonly ledgerPlace: LedgerPlace
  readonly onProgress: (text: string) => void
  /** How the files of a source were read. */
  readonly onFileNotes: OnFileNotes
  /** A role that can do more than it should is used, because the configuration says so. */
  readonly onAcceptedExcess: (source: string, proof: RoleProof) => void
}

/** Every database and shadow, made when first asked for; their processes start with the first statement. */
export class Databases implements AsyncDisposable {
  readonly #config: DatabasesConfig
  readonly #parts: DatabasesParts
  readonly #images: Images
  readonly #databases = new Map<string, Database>()
  readonly #analyzers = new Map<string, StatementAnalyzer>()
  readonly #sandboxes: Sandboxes
  /** A key of this process: hashes of masked values are comparable within it and with nothing outside. */
  readonly #maskKey = randomBytes(32)
  readonly #shadows = new Set<Shadow & AsyncDisposable>()
  readonly #ledger: DifferencingLedger

  constructor(config: DatabasesConfig, parts: DatabasesParts, sandboxes: Sandboxes) {
    this.#config = config
    this.#sandboxes = sandboxes
    this.#parts = parts
    this.#ledger = new DifferencingLedger({ place: parts.ledgerPlace, options: config.databases.ledger })
    this.#images = createImages({ directory: join(config.state_directory, 'databases'), onProgress: parts.onProgress })
  }

  database(source: string, options: DatabaseOptions): Database {
    const known = this.#databases.get(source)
    if (known !== undefined) return known
    const made = createMaskedDatabase(this.#open(source, options), this.#maskKey)
    this.#databases.set(source, made)
    return made
  }

  /** The parser and binder of a source that brings its own; null for those that are read here. Known once opened. */
  analyzer(source: string): StatementAnalyzer | null {
    return this.#analyzers.get(source) ?? null
  }

  /** Where the statements on a source are analyzed, by its own settings. */
  shadow(catalog: Catalog, options: DatabaseOptions): Shadow & AsyncDisposable {
    const shadow = this.#openShadow(catalog, options)
    this.#shadows.add(shadow)
    return shadow
  }

  /** A source that is only DDL. The caller disposes the shadow. */
  adHoc(ddl: string, signal: AbortSignal): Promise<{ readonly catalog: Catalog; readonly shadow: PgliteShadow }> {
    return openAdHocCatalog(ddl, this.#shadowOptions(), signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#databases.values(), ...this.#shadows].map((open) => open[Symbol.asyncDispose]()))
    await this.#ledger[Symbol.asyncDispose]()
  }

  #openShadow(catalog: Catalog, options: DatabaseOptions): Shadow & AsyncDisposable {
    const { images, maximumMegabytes, ...times } = this.#shadowOptions()
    if (options.kind === 'postgresql' && options.shadow.kind === 'postgresql') {
      return new PostgresShadow({ catalog, url: options.shadow.url, ...times })
    }
    return new PgliteShadow({ catalog, images, maximumMegabytes, ...times })
  }

  #open(source: string, options: DatabaseOptions): Database {
    const { embedded } = this.#config.databases
    switch (options.kind) {
      case 'sample':
        return new PgliteDatabase({
          source,
          images: this.#images,
          maximumMegabytes: embedded.memory_mb,
          openMilliseconds: embedded.open_ms,
          ledger: this.#ledger,
        })
      case 'postgresql':
        return this.#openPostgres(source, options)
      case 'files':
        return this.#openFiles(source, options)
      case 'mysql':
        return new MysqlDatabase(this.#serverSource(source, options))
    }
  }

  #openFiles(source: string, options: DatabaseOptions & { readonly kind: 'files' }): Database {
    const { limits } = this.#config.sandbox
    const database = new DuckdbDatabase({
      source,
      tables: options.tables,
      openGuest: createOpenGuest({ sandboxes: this.#sandboxes, source, ceilingMilliseconds: limits.wall_ceiling_ms }),
      memoryMegabytes: Math.floor(limits.memory_mb * duckdbShare),
      loadMilliseconds: options.load_ms,
      onNotes: this.#parts.onFileNotes,
      analyzeMilliseconds: this.#config.databases.shadow.timeout_ms,
    })
    this.#analyzers.set(source, database)
    return database
  }

  #openPostgres(source: string, options: DatabaseOptions & { readonly kind: 'postgresql' }): Database {
    const [only, ...others] = [options.url, ...options.further_urls].map(
      (url) => new PostgresDatabase({ ...this.#serverSource(source, options), url, ledger: this.#ledger }),
    )
    if (only !== undefined && others.length === 0) return only
    return new PostgresReplicas({ source, replicas: only === undefined ? [] : [only, ...others] })
  }

  #serverSource(source: string, options: ServerOptions): ServerSource {
    return {
      source,
      url: options.url,
      connections: options.connections,
      maximumLagMilliseconds: options.maximum_lag_ms,
      allowPrimary: options.allow_primary,
      acceptExcess: options.accept_excess,
      report: (proof) => this.#parts.onAcceptedExcess(source, proof),
      allowed: this.#allowedRelations(source),
      functions: Object.values(policiesOf(this.#config, source)).flatMap((policy) => policy.functions.map(signatureOf)),
      heartbeat: options.heartbeat_query,
      timeZone: options.time_zone,
      dateOrder: options.kind === 'postgresql' ? options.date_order : null,
    }
  }

  /** Everything any group's policy names: what the role may be able to read without that being too much. */
  #allowedRelations(source: string): readonly string[] {
    const policies = Object.values(policiesOf(this.#config, source))
    const names = policies.flatMap(({ relations, search_path: schemas }) =>
      Object.keys(relations).flatMap((name) =>
        name.includes('.') ? [name] : schemas.map((schema) => `${schema}.${name}`),
      ),
    )
    return [...new Set(names)]
  }

  #shadowOptions() {
    const { shadow, embedded } = this.#config.databases
    return {
      images: this.#images,
      maximumMegabytes: shadow.memory_mb,
      timeoutMilliseconds: shadow.timeout_ms,
      openMilliseconds: embedded.open_ms,
    }
  }
}
