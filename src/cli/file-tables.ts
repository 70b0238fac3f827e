import { extname } from 'node:path'
import { withFileSource, type FileAsTable } from '../config/file-source.ts'
import type { Config } from '../config/schema.ts'
import { ServiceError, toServiceError } from '../core/errors.ts'
import type { CommandContext } from './context.ts'
import { dataLimits, openDataFiles, type DataFile } from './data-files.ts'

const endings = new Set(['.csv', '.tsv', '.txt', '.parquet', '.pq', '.xlsx', '.xlsm'])

interface AskedOf {
  readonly data: readonly string[]
  readonly source?: string
}

/**
 * The configuration a command about SQL works with: its own, or with `--data` the files as tables named after them.
 * Throws `invalid-file` for a file that no table can be made of, `invalid-request` where a source is named as well.
 */
export async function configForSql(context: CommandContext, { data, source }: AskedOf): Promise<Config> {
  const { config } = context.config()
  if (data.length === 0) return config
  if (source !== undefined) {
    throw new ServiceError('invalid-request', '--data makes a source of its own: leave out --source')
  }
  const files = await openDataFiles(data, dataLimits(config))
  const tables = files.map(tableOf)
  const twice = tables.find(({ table }, index) => tables.findIndex((other) => isSameName(other.table, table)) !== index)
  if (twice !== undefined) {
    throw new ServiceError('invalid-file', `${twice.path}: two files make a table "${twice.table}"; rename one of them`)
  }
  for (const { path, encoding } of tables) {
    if (encoding !== null) context.terminal.error.write(`${path} is not UTF-8: it is read as Latin-1\n`)
  }
  return withFileSource(config, tables)
}

/** Does work over the files of `--data`. What is wrong with a file of the person's own is no fault of a database. */
export async function blamingFiles<T>(data: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    const { code, message, parameter } = toServiceError(thrown)
    if (data.length === 0 || code !== 'database-unavailable' || parameter === undefined) throw thrown
    throw new ServiceError('invalid-file', message, {
      cause: thrown,
      advice:
        'Correct the file. As a source in the configuration it can be given its header, delimiter, encoding and sheet.',
    })
  }
}

function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

function tableOf({ name, path, warning }: DataFile): FileAsTable {
  const ending = extname(name)
  if (!endings.has(ending.toLowerCase())) {
    throw new ServiceError('invalid-file', `${path}: SQL reads CSV, Parquet and Excel files`, {
      advice: 'Save it as one of them; "sallyport ask --data" takes other files.',
    })
  }
  const plain = name.slice(0, name.length - ending.length).replaceAll(/[^A-Za-z0-9_]+/g, '_')
  const table = /^\d/.test(plain) || plain === '' ? `_${plain}` : plain
  return { table: table.slice(0, 63), path, encoding: warning === null ? null : 'latin-1' }
}
