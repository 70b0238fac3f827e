import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import type { z } from 'zod'
import type { Catalog, CatalogRelation } from '../../core/catalog.ts'
import { ServiceError } from '../../core/errors.ts'
import { streamRegularFile } from '../../files/regular-file.ts'
import { formatOfEnding, othersByEnding } from '../../core/table-format.ts'
import type { FileTable } from '../options.ts'
import { loadedAnswer, readAnswer } from './answers.ts'
import { endedFault, statementFault } from './faults.ts'
import type { DuckdbGuest } from './guest.ts'

/** Schema that the tables stand in, so that policies read as they do for other sources. */
export const filesSchema = 'public'

const catalogBytes = 33_554_432

/** The driver's program sets the zone; texts are read as dates by year, month and day alone. */
export const fileDates = { timeZone: 'UTC', dateOrder: null } as const
/** What a sandbox takes is its own to say. */
const unbounded = { bytes: Number.MAX_SAFE_INTEGER, setting: null }

export interface LoadOptions {
  readonly tables: Readonly<Record<string, FileTable>>
  /** The memory limit of DuckDB inside the sandbox. */
  readonly memoryMegabytes: number
  readonly timeoutMilliseconds: number
}

/** Changes when any file was written again. Rejects with `database-unavailable` for a file that cannot be read. */
export async function stampOf(tables: Readonly<Record<string, FileTable>>): Promise<string> {
  const stamps = await Promise.all(
    Object.entries(tables).map(async ([name, { path }]) => {
      const facts = await stat(resolve(path), { bigint: true }).catch((error: NodeJS.ErrnoException) => {
        throw unreadable(name, `cannot be read (${error.code ?? 'unknown'})`, error)
      })
      if (!facts.isFile()) throw unreadable(name, 'is not a regular file')
      return [facts.ino, facts.size, facts.mtimeNs].join(':')
    }),
  )
  return stamps.join(' ')
}

/** Streams the files into the guest, has them made into tables, and seals it. */
export async function loadTables(guest: DuckdbGuest, options: LoadOptions, signal: AbortSignal): Promise<Catalog> {
  const tables = Object.entries(options.tables)
  for (const [index, [name, { path }]] of tables.entries()) {
    await guest.put(fileName(index), streamRegularFile(resolve(path), unbounded), signal).catch((thrown: unknown) => {
      if (thrown instanceof ServiceError && thrown.code === 'invalid-file') {
        // A fault of the file on this side names it; the others are the sandbox's.
        const isOurs = thrown.parameter !== undefined
        const what = 'does not fit into its sandbox (sandbox.limits.file_mb and data_mb)'
        throw unreadable(name, isOurs ? 'changed while it was read, or cannot be read' : what, thrown)
      }
      throw thrown
    })
  }
  const request = {
    operation: 'load',
    memory_megabytes: options.memoryMegabytes,
    tables: tables.map(([name, { path, ...settings }], index) => ({
      name,
      file: fileName(index),
      settings: { ...settings, format: formatOf(name, { path, ...settings }) },
    })),
  }
  const limits = { timeoutMilliseconds: options.timeoutMilliseconds, maximumBytes: catalogBytes }
  const answer = await guest.ask(request, limits, signal)
  if (answer.kind === 'ended') throw loadFault(endedFault(answer.outcome, { ...limits, signal }))
  const loaded = readAnswer(loadedAnswer, answer.lines[0])
  if ('table' in loaded) throw refusedTable(loaded, options.tables)
  if ('fault' in loaded) throw loadFault(statementFault(loaded.fault))
  return catalogOf(loaded)
}

function fileName(index: number): string {
  return `table-${index}`
}

/** The format that the option names, else that of the ending of its name. */
function formatOf(name: string, { path, format }: FileTable): NonNullable<FileTable['format']> {
  const found = format ?? formatOfEnding(extname(path))
  if (found !== null) return found
  const other = othersByEnding[extname(path).toLowerCase()] ?? 'name its format, csv, json, parquet or xlsx'
  throw new ServiceError('invalid-config', `table "${name}": ${other}`)
}

type Refused = Extract<z.infer<typeof loadedAnswer>, { readonly table: string }>

function refusedTable(refused: Refused, tables: LoadOptions['tables']): ServiceError {
  const known = tables[refused.table]
  if (known === undefined) return loadFault(statementFault('other'))
  switch (refused.fault) {
    case 'memory':
      return unreadable(refused.table, 'needs more memory than its sandbox has (sandbox.limits.memory_mb)')
    case 'reader':
      return new ServiceError(
        'internal',
        `The reader of files failed on the table "${refused.table}" (${refused.kind}).`,
      )
    case 'unreadable':
      return unreadable(refused.table, `cannot be read as ${formatOf(refused.table, known)}: ${refused.reason}`)
  }
}

function unreadable(table: string, what: string, cause?: unknown): ServiceError {
  return new ServiceError('database-unavailable', `The file of the table "${table}" ${what}.`, {
    cause,
    parameter: table,
    advice: 'Correct the file, or say how it is read: header, skip_rows, delimiter, encoding, sheet and the like.',
  })
}

/** The fault of a load that ran into a limit, worded so that the waiting statement is not blamed. */
function loadFault(fault: ServiceError): ServiceError {
  if (fault.code === 'cancelled') return fault
  return new ServiceError('database-unavailable', `The files could not be loaded: ${fault.message}`, { cause: fault })
}

type Loaded = Extract<z.infer<typeof loadedAnswer>, { readonly version: string }>

function catalogOf({ version, tables }: Loaded): Catalog {
  const relations = tables.map(({ name, rows, columns, comment }): CatalogRelation => ({
    schema: filesSchema,
    name,
    kind: 'table',
    columns,
    comment,
    estimatedRows: rows,
  }))
  const major = Number(version.split('.')[0])
  const schemaStatements = [
    `CREATE SCHEMA IF NOT EXISTS ${filesSchema};`,
    ...tables.map(({ definition }) => definition),
  ]
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([version, schemaStatements]))
    .digest('hex')
  return { dates: fileDates, dialect: { name: 'duckdb', major }, relations, fingerprint, schemaStatements }
}
