import { bytesOf } from '../core/sizes.ts'
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import { openLocalFile } from '../files/local-file.ts'
import { invalidFile, type SizeLimit, streamRegularFile, tooLarge } from '../files/regular-file.ts'
import type { AttachedFile } from '../service/attached-file.ts'
import type { RequestedLimits } from '../core/requested-limits.ts'
import { type DataOption, readingOf, refuseStrayOptions } from './data-options.ts'

/** A local file that was looked at before anything starts. */
export interface DataFile extends AttachedFile {
  readonly bytes: number
  /** What is odd about it without being wrong, a sentence for people; null where nothing is. */
  readonly warning: string | null
}

export interface DataLimits {
  /** The most that one file may hold. */
  readonly file: SizeLimit
  /** The most that all files of a run may hold together. */
  readonly total: SizeLimit
}

/** What a sandbox can take, so that a file that does not fit is refused before anything starts. */
export function dataLimits({ cli, sandbox, sessions }: Config, asked: RequestedLimits = {}): DataLimits {
  const { file_mb: file = sandbox.limits.file_mb, data_mb: data = sandbox.limits.data_mb } = asked
  const total = { bytes: bytesOf.mb(data), setting: 'sandbox.limits.data_mb' }
  const limits = [
    { bytes: bytesOf.mb(cli.maximum_file_mb), setting: 'cli.maximum_file_mb' },
    { bytes: bytesOf.mb(sessions.maximum_file_mb), setting: 'sessions.maximum_file_mb' },
    { bytes: bytesOf.mb(file), setting: 'sandbox.limits.file_mb' },
  ]
  return { file: limits.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least), total), total }
}

/**
 * Looks at files before anything starts, so that a wrong one is named at once. `book.xlsx#Sheet` is a sheet of a
 * workbook. Throws `invalid-file`, and `invalid-request` for options that fit no file.
 */
export async function openDataFiles(
  paths: readonly string[],
  limits: DataLimits,
  options: readonly DataOption[] = [],
): Promise<readonly DataFile[]> {
  const named = await Promise.all(paths.map(nameFile))
  refuseStrayOptions(named, options)
  const files = await Promise.all(named.map((file) => openDataFile(file, limits.file, options)))
  refuseTogether(files, limits)
  return files
}

/** Throws `invalid-file` for files that cannot stand in one folder, or do not fit there together. */
export function refuseTogether(files: readonly DataFile[], { total }: DataLimits): void {
  const twice = files.find((file, index) => files.findIndex((other) => other.name === file.name) !== index)
  const isAnotherSheet = files.every((file) => file.name !== twice?.name || file.path === twice.path)
  if (twice !== undefined && !isAnotherSheet) {
    throw invalidFile(twice.path, `two files are named ${twice.name}; rename one of them`)
  }
  const sheets = files.map((file) => `${file.path}#${file.reading.sheet ?? ''}`)
  const same = files.find((_, index) => sheets.indexOf(sheets[index] ?? '') !== index)
  if (same !== undefined) throw invalidFile(same.path, 'it is given twice')
  const bytes = [...new Map(files.map((file) => [file.path, file.bytes])).values()].reduce((sum, one) => sum + one, 0)
  if (bytes > total.bytes) throw tooLarge(files.map((file) => file.name).join(', '), bytes, total)
}

interface NamedFile {
  /** The path as it was written, without its sheet. */
  readonly given: string
  readonly name: string
  readonly sheet: string | null
}

async function nameFile(written: string): Promise<NamedFile> {
  if (written === '') throw invalidFile('--data', 'it names no file')
  const [, workbook, sheet] = /^(.+\.xls[xm])#(.+)$/is.exec(written) ?? []
  const isSheet = workbook !== undefined && (await stat(written).catch(() => null)) === null
  const given = isSheet ? workbook : written
  // One way to write a letter with its marks, whatever the file system keeps.
  const name = basename(resolve(given)).normalize('NFC')
  if (!/^[^\p{Cc}/\\]{1,200}$/u.test(name) || name.startsWith('.') || name.startsWith('-')) {
    throw invalidFile(given, 'its name cannot be used in a sandbox; rename it to letters, digits, dots and dashes')
  }
  return { given, name, sheet: isSheet ? (sheet ?? null) : null }
}

async function openDataFile(file: NamedFile, limit: SizeLimit, options: readonly DataOption[]): Promise<DataFile> {
  const { given, name, sheet } = file
  const said = readingOf(file, options)
  const reading = sheet === null ? said : { ...said, sheet }
  const { path, bytes, warning } = await openLocalFile(given, limit, { encoding: reading.encoding })
  return { name, path, bytes, reading, warning, open: () => streamRegularFile(path, limit) }
}
