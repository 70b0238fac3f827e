import { databaseOptions } from '../databases/options.ts'
import { sqlPolicyOptions } from '../validators/sql/options.ts'
import type { Config } from './schema.ts'

/** Name of the source made of the files of a command. */
const fileSource = 'files'

/** A file of this machine as a table, as far as a command line says it. */
export interface FileAsTable {
  readonly table: string
  /** Absolute. */
  readonly path: string
  readonly encoding: 'latin-1' | null
}

/** The configuration with these files as its only data source; whoever names them may read all of them. */
export function withFileSource(config: Config, files: readonly FileAsTable[]): Config {
  const tables = Object.fromEntries(files.map(({ table, path, encoding }) => [table, { path, encoding }]))
  const relations = Object.fromEntries(files.map(({ table }) => [table, '*']))
  const source = {
    database: databaseOptions.parse({ kind: 'files', tables }),
    policies: { default: sqlPolicyOptions.parse({ relations }) },
  }
  return { ...config, sources: { [fileSource]: source } }
}
