import { ServiceError } from '../core/errors.ts'
import { databaseOptions } from '../databases/options.ts'
import { type Reading, readingOptions } from '../databases/reading/options.ts'
import { sqlPolicyOptions } from '../validators/sql/options.ts'
import type { Config } from './schema.ts'

/** Name of the source made of the files of a command. */
const fileSource = 'files'

/** Settings as a person gave them. Throws `invalid-request` with what is wrong; `where` says where they stood. */
export function parseReading(given: Readonly<Record<string, unknown>>, where: string): Reading {
  const parsed = readingOptions.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const [name] = issue?.path ?? []
  throw new ServiceError(
    'invalid-request',
    `${where}${name === undefined ? '' : ` ${String(name)}`}: ${issue?.message}`,
    {
      advice: 'docs/operations.md, "Files as a source", lists the settings.',
    },
  )
}

/** A file of this machine as a table, as far as a command line says it. */
export interface FileAsTable {
  readonly table: string
  /** Absolute. */
  readonly path: string
  readonly reading: Reading
}

/** The configuration with these files as its only data source; whoever names them may read all of them. */
export function withFileSource(config: Config, files: readonly FileAsTable[]): Config {
  const tables = Object.fromEntries(files.map(({ table, path, reading }) => [table, { path, ...reading }]))
  const relations = Object.fromEntries(files.map(({ table }) => [table, '*']))
  const source = {
    database: databaseOptions.parse({ kind: 'files', tables }),
    policies: { default: sqlPolicyOptions.parse({ relations }) },
  }
  return { ...config, sources: { [fileSource]: source } }
}
