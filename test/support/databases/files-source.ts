import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createOpenGuest } from '../../../src/sources/duckdb-guest.ts'
import type { Catalog } from '../../../src/core/catalog.ts'
import { DuckdbDatabase } from '../../../src/databases/duckdb/duckdb-database.ts'
import { databaseOptions } from '../../../src/databases/options.ts'
import type { OperableSandboxEngine } from '../../../src/sandbox/engine/engine.ts'
import type { Validator } from '../../../src/validators/validator.ts'
import { bindPolicy } from '../../../src/validators/sql/bind-policy.ts'
import { createDuckdbGate } from '../../../src/validators/sql/duckdb/gate.ts'
import { sqlPolicyOptions } from '../../../src/validators/sql/options.ts'
import { createTestEngine } from '../sandbox/docker-sandbox.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** Tables as the configuration would name them: a path, or options with one. */
export type TestTables = Readonly<
  Record<string, string | { readonly path: string; readonly [option: string]: unknown }>
>

/** Files as a source of their own, in a sandbox of their own: of an engine that others use too, or of its own. */
export class FilesSource implements AsyncDisposable {
  readonly database: DuckdbDatabase
  readonly #ownEngine: OperableSandboxEngine | null

  constructor(tables: TestTables, shared?: OperableSandboxEngine) {
    const given = Object.entries(tables).map(([name, table]) => [
      name,
      typeof table === 'string' ? { path: table } : table,
    ])
    const options = databaseOptions.parse({ kind: 'files', tables: Object.fromEntries(given) as object })
    if (options.kind !== 'files') throw new Error('not files')
    const sandboxes = shared ?? createTestEngine()
    this.#ownEngine = shared === undefined ? sandboxes : null
    this.database = new DuckdbDatabase({
      source: 'files',
      tables: options.tables,
      openGuest: createOpenGuest({ sandboxes, source: 'files', ceilingMilliseconds: 300_000 }),
      memoryMegabytes: 600,
      loadMilliseconds: 120_000,
      analyzeMilliseconds: 10_000,
    })
  }

  async gate(relations: Readonly<Record<string, unknown>>, more: object = {}): Promise<Validator<'sql'>> {
    const catalog: Catalog = await this.database.catalog(AbortSignal.timeout(120_000))
    const policy = bindPolicy(sqlPolicyOptions.parse({ relations, ...more }), catalog)
    return createDuckdbGate({ source: 'files', catalog, policy, analyzer: this.database })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database[Symbol.asyncDispose]()
    await this.#ownEngine?.[Symbol.asyncDispose]()
  }
}

/** A file of its own folder, by its name. */
export function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder('sallyport-files-'), name)
  writeFileSync(path, content)
  return path
}
