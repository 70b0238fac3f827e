import type { Catalog, Shadow } from '../../core/catalog.ts'
import { ServiceError } from '../../core/errors.ts'
import { siblingModule } from '../../processes/sibling-module.ts'
import type { Images } from '../pglite/images.ts'
import { KillableProcess } from '../../processes/killable-process.ts'
import { databaseProcessFaults } from '../process-faults.ts'
import { StatementError } from '../session.ts'
import type { ShadowMethods } from './messages.ts'

export interface PgliteShadowOptions {
  readonly catalog: Pick<Catalog, 'fingerprint' | 'schemaStatements'>
  readonly images: Images
  /** Resident memory at which the shadow's process is killed. */
  readonly maximumMegabytes: number
  /** Longest analysis of one statement. */
  readonly timeoutMilliseconds: number
  /** Longest start, the building of the image included. */
  readonly openMilliseconds: number
}

/**
 * A `Shadow` in a PGlite of its own process, filled from a catalog. It starts with the first statement; one that takes
 * too long, too much memory or is aborted ends the process and is a fault, and the next one starts a new one.
 */
export class PgliteShadow implements Shadow, AsyncDisposable {
  readonly fingerprint: string
  readonly #process: KillableProcess
  readonly #timeoutMilliseconds: number

  constructor(options: PgliteShadowOptions) {
    this.fingerprint = options.catalog.fingerprint
    this.#timeoutMilliseconds = options.timeoutMilliseconds
    this.#process = new KillableProcess({
      script: siblingModule(import.meta.url, './shadow-process'),
      name: 'the shadow database',
      open: async (signal) => ({
        image: await options.images.image('empty', signal),
        schema: options.catalog.schemaStatements,
      }),
      openMilliseconds: options.openMilliseconds,
      faults: databaseProcessFaults,
      // Optimizing PostgreSQL's largest functions takes 500 MB for a moment; analysis is fast without.
      nodeArguments: ['--liftoff-only'],
      maximumMegabytes: options.maximumMegabytes,
      recover: () => options.images.discard('empty'),
    })
  }

  /** Starts the process ahead of the first statement. */
  async warm(signal: AbortSignal): Promise<void> {
    await this.#process.warm(signal)
  }

  /** Process id of the shadow, null while it does not run. */
  get pid(): number | null {
    return this.#process.pid
  }

  resolve: Shadow['resolve'] = async (statement, signal, asked) => {
    const limits = { signal, timeoutMilliseconds: this.#timeoutMilliseconds }
    const input: ShadowMethods['analyze']['input'] = asked === undefined ? { statement } : { statement, asked }
    return (await this.#process.call('analyze', input, limits)) as ShadowMethods['analyze']['value']
  }

  /**
   * Runs a script of DDL in this shadow and answers the catalog it makes. The script can do whatever a superuser of a
   * throw-away in-memory database can; statements are analyzed against it until the process ends.
   */
  async load(script: string, signal: AbortSignal): Promise<Catalog> {
    const limits = { signal, timeoutMilliseconds: 60_000 }
    const input: ShadowMethods['load']['input'] = { script }
    try {
      return (await this.#process.call('load', input, limits)) as ShadowMethods['load']['value']
    } catch (error) {
      if (!(error instanceof StatementError)) throw error
      const line = script.slice(0, error.position ?? 0).split('\n').length
      throw new ServiceError(
        'invalid-file',
        `The schema is not valid PostgreSQL DDL: SQLSTATE ${error.sqlstate} in line ${line}.`,
        { advice: adviceFor(script) },
      )
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
  }
}

function adviceFor(script: string): string {
  const isMysql = /`\w+`|\bAUTO_INCREMENT\b|\bENGINE\s*=/i.test(script)
  return isMysql
    ? 'This looks like the DDL of MySQL: give that of PostgreSQL, or check against a source of kind mysql.'
    : 'Give CREATE statements, e.g. what "pg_dump --schema-only" writes.'
}
