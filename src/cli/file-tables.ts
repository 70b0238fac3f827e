import { extname } from 'node:path'
import { withFileSource } from '../config/file-source.ts'
import type { Config } from '../config/schema.ts'
import { ServiceError, toServiceError } from '../core/errors.ts'
import { formatOfEnding, othersByEnding } from '../core/table-format.ts'
import type { CommandContext } from './context.ts'
import { dataLimits, openDataFiles } from './data-files.ts'
import type { DataOption } from './data-options.ts'
import { plainLine } from './output/plain-text.ts'
import { tableNames } from './table-names.ts'

interface AskedOf {
  readonly data: readonly string[]
  readonly dataOption: readonly DataOption[]
  readonly source?: string
}

/**
 * The configuration a command about SQL works with: its own, or with `--data` the files as tables named after them.
 * Throws `invalid-file` for a file that no table can be made of, `invalid-request` where a source is named as well.
 */
export async function configForSql(context: CommandContext, { data, dataOption, source }: AskedOf): Promise<Config> {
  const { config } = context.config()
  if (data.length === 0) {
    if (dataOption.length > 0)
      throw new ServiceError('invalid-request', '--data-option says how a file of --data is read')
    return config
  }
  if (source !== undefined) {
    throw new ServiceError('invalid-request', '--data makes a source of its own: leave out --source')
  }
  const files = await openDataFiles(data, dataLimits(config), dataOption)
  for (const { path, name, reading } of files) {
    if (reading.format === null && formatOfEnding(extname(name)) === null) throw noTable(path, extname(name))
  }
  const tables = tableNames(files)
  for (const { file, table, isPlain } of tables) {
    const sheet = file.reading.sheet === null ? '' : `#${file.reading.sheet}`
    if (!isPlain) context.terminal.error.write(`${plainLine(`${file.name}${sheet}`, 300)} is the table ${table}\n`)
  }
  return withFileSource(
    config,
    tables.map(({ file: { path, reading }, table }) => ({ table, path, reading })),
  )
}

function noTable(path: string, ending: string): ServiceError {
  const other = othersByEnding[ending.toLowerCase()]
  if (other !== undefined) return new ServiceError('invalid-file', `${path}: ${other}`)
  return new ServiceError('invalid-file', `${path}: SQL reads CSV, JSON, Parquet and Excel files`, {
    advice:
      'Save it as one of them, or say what it is with --data-option format=csv; "sallyport ask" takes other files.',
  })
}

/**
 * Does work over the files of `--data`. A fault of one of these files is reported as `invalid-file`, not as a fault of
 * a database.
 */
export async function blamingFiles<T>(data: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    const { code, message, parameter } = toServiceError(thrown)
    if (data.length === 0 || code !== 'database-unavailable' || parameter === undefined) throw thrown
    throw new ServiceError('invalid-file', message, {
      cause: thrown,
      advice: 'Correct the file, or say how it is read with --data-option, like encoding=windows-1252 or skip_rows=2.',
    })
  }
}
