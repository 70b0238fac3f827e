import { InvalidArgumentError } from 'commander'
import { parseReading } from '../config/file-source.ts'
import type { Reading } from '../databases/reading/options.ts'
import { ServiceError } from '../core/errors.ts'

/** How the files of `--data` are read: `NAME=VALUE` for all of them, `FILE:NAME=VALUE` for one. */
export interface DataOption {
  /** The file as `--data` names it, or its base name; null for all files. */
  readonly file: string | null
  readonly name: string
  readonly value: unknown
}

const text = (value: string): unknown => value

const readers: Readonly<Record<string, (value: string) => unknown>> = {
  format: text,
  header: readBoolean,
  hidden: readBoolean,
  skip_rows: (value) => (/^\d{1,6}$/.test(value) ? Number(value) : value),
  delimiter: text,
  encoding: text,
  sheet: text,
  decimal: text,
  thousands: text,
  null_values: (value) => value.split(','),
  date_format: text,
  types: readTypes,
}

const names = Object.keys(readers)

/** One `--data-option`, added to those before it. */
export function dataOption(written: string, earlier: readonly DataOption[]): readonly DataOption[] {
  const found = new RegExp(`^(?:(.+):)?(${names.join('|')})=(.*)$`, 's').exec(written)
  const [, file = null, name = '', value = ''] = found ?? []
  const read = readers[name]
  if (read === undefined) {
    throw new InvalidArgumentError(`Write it as NAME=VALUE or FILE:NAME=VALUE; the names are ${names.join(', ')}.`)
  }
  return [...earlier, { file, name, value: read(value) }]
}

/** The settings of one file, a later one before an earlier one. Throws `invalid-request` for what no setting can be. */
export function readingOf(
  file: { readonly given: string; readonly name: string },
  options: readonly DataOption[],
): Reading {
  const own = options.filter((option) => option.file === null || isNamed(file, option.file))
  const settings: Record<string, unknown> = {}
  for (const { name, value } of own) {
    const before = settings[name]
    const adds = Array.isArray(before) && Array.isArray(value)
    settings[name] = adds ? [...(before as unknown[]), ...(value as unknown[])] : value
  }
  return parseReading(settings, '--data-option')
}

/** Throws `invalid-request` for an option of a file that is not given: it would be lost in silence. */
export function refuseStrayOptions(
  files: readonly { readonly given: string; readonly name: string }[],
  options: readonly DataOption[],
): void {
  const stray = options.find(
    (option) => option.file !== null && !files.some((file) => isNamed(file, option.file ?? '')),
  )
  if (stray === undefined) return
  throw new ServiceError('invalid-request', `--data-option ${stray.file}:${stray.name}: no --data names ${stray.file}`)
}

function isNamed({ given, name }: { readonly given: string; readonly name: string }, wanted: string): boolean {
  return given === wanted || name === wanted
}

function readBoolean(value: string): unknown {
  return value === 'true' ? true : value === 'false' ? false : value
}

/** `id:text,total:decimal(10,2)` */
function readTypes(value: string): unknown {
  const entries = value.split(/,(?![^(]*\))/).map((entry) => {
    const at = entry.lastIndexOf(':')
    return [entry.slice(0, at).trim(), entry.slice(at + 1).trim()] as const
  })
  if (entries.every(([column]) => column !== '')) return Object.fromEntries(entries)
  throw new InvalidArgumentError('types are written as COLUMN:TYPE,COLUMN:TYPE.')
}
