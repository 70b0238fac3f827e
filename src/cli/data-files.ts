import { createReadStream } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import { invalidFile, openLocalFile, type SizeLimit, tooLarge } from '../core/local-file.ts'
import type { RequestedLimits } from '../core/requested-limits.ts'

/** A local file on its way into a sandbox. */
export interface DataFile {
  /** The name it gets below `/mnt/data`. */
  readonly name: string
  /** Absolute path on this machine. */
  readonly path: string
  readonly bytes: number
  /** What is odd about it without being wrong, a sentence for people; null where nothing is. */
  readonly warning: string | null
  open(): AsyncIterable<Uint8Array>
}

export interface DataLimits {
  /** Of one file. */
  readonly file: SizeLimit
  /** Of all files of a run. */
  readonly total: SizeLimit
}

const mebibyte = 1024 * 1024

/** What a sandbox can take, so that a file that does not fit is refused before anything starts. */
export function dataLimits({ cli, sandbox, sessions }: Config, asked: RequestedLimits = {}): DataLimits {
  const { file_mb: file = sandbox.limits.file_mb, data_mb: data = sandbox.limits.data_mb } = asked
  const total = { bytes: data * mebibyte, setting: 'sandbox.limits.data_mb' }
  const limits = [
    { bytes: cli.maximum_file_bytes, setting: 'cli.maximum_file_bytes' },
    { bytes: sessions.maximum_file_bytes, setting: 'sessions.maximum_file_bytes' },
    { bytes: file * mebibyte, setting: 'sandbox.limits.file_mb' },
  ]
  return { file: limits.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least), total), total }
}

/** Looks at files before anything starts, so that a wrong one is named at once. Throws `invalid-file`. */
export async function openDataFiles(paths: readonly string[], limits: DataLimits): Promise<readonly DataFile[]> {
  const files = await Promise.all(paths.map((path) => openDataFile(path, limits.file)))
  refuseTogether(files, limits)
  return files
}

/** Throws `invalid-file` for files that cannot stand in one folder, or do not fit there together. */
export function refuseTogether(files: readonly DataFile[], { total }: DataLimits): void {
  const twice = files.find((file, index) => files.findIndex((other) => other.name === file.name) !== index)
  if (twice !== undefined) throw invalidFile(twice.path, `two files are named ${twice.name}; rename one of them`)
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  if (bytes > total.bytes) throw tooLarge(files.map((file) => file.name).join(', '), bytes, total)
}

async function openDataFile(given: string, limit: SizeLimit): Promise<DataFile> {
  if (given === '') throw invalidFile('--data', 'it names no file')
  const name = basename(resolve(given))
  if (!/^[^\p{Cc}/\\]{1,200}$/u.test(name) || name.startsWith('.') || name.startsWith('-')) {
    throw invalidFile(given, 'its name cannot be used in a sandbox; rename it to letters, digits, dots and dashes')
  }
  const { path, bytes, warning } = await openLocalFile(given, limit)
  return { name, path, bytes, warning, open: () => createReadStream(path) }
}
