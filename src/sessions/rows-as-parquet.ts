import { parquetWriteBuffer } from 'hyparquet-writer'
import type { JsonValue } from '../core/json.ts'

export interface TypedRows {
  /** Types as the database prints them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Values as `QueryResult` has them: exact numbers, times in ISO 8601, everything else as text or JSON. */
  readonly rows: readonly (readonly JsonValue[])[]
}

/** A column of a Parquet file. */
export interface ParquetColumn {
  /** Unlike every other of the file, and never empty. */
  readonly name: string
  /** As Arrow prints it: `int64`, `decimal128(38, 2)`, `timestamp[us, tz=UTC]`. */
  readonly type: string
  readonly hasNulls: boolean
}

export interface ParquetTable {
  readonly columns: readonly ParquetColumn[]
  readonly content: Buffer
}

type Options = Parameters<typeof parquetWriteBuffer>[0]
type SchemaElement = NonNullable<Options['schema']>[number]
type ColumnSource = Options['columnData'][number]
type Stored = bigint | number | boolean | string | null

/** A way to keep a column: null for a value that it cannot hold as it is. */
interface Kind {
  readonly type: string
  readonly element: Omit<SchemaElement, 'name'>
  readonly store: (value: JsonValue) => Exclude<Stored, null> | null
}

/**
 * Rows as a Parquet file. A column has the type that its database gives it where each of its values is one of these, to the
 * digit; else it is text, so that no value is ever changed. Null where there is no column.
 */
export function rowsAsParquet({ columns, rows }: TypedRows): ParquetTable | null {
  if (columns.length === 0) return null
  const names = distinctNames(columns.map(({ name }) => name))
  const made = columns.map(({ type }, place) => {
    const values = rows.map((row) => row[place] ?? null)
    return { name: names[place] ?? '', values, ...columnOf(type, values) }
  })
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: made.length },
    ...made.map(({ name, kind }): SchemaElement =>
      Object.assign({ name, repetition_type: 'OPTIONAL' as const }, kind.element),
    ),
  ]
  const columnData = made.map(({ name, stored }): ColumnSource => ({ name, data: stored }))
  const content = Buffer.from(parquetWriteBuffer({ columnData, schema, createdBy: 'sallyport' }))
  return {
    content,
    columns: made.map(({ name, kind, stored }) => ({ name, type: kind.type, hasNulls: stored.includes(null) })),
  }
}

function columnOf(type: string, values: readonly JsonValue[]): { readonly kind: Kind; readonly stored: Stored[] } {
  const name = type.toLowerCase()
  const kind = kindOf(name, values)
  if (kind !== null) {
    const stored = values.map((value) => (value === null ? null : kind.store(value)))
    if (stored.every((value, place) => value !== null || values[place] === null)) return { kind, stored }
  }
  return { kind: text, stored: values.map((value) => (value === null ? null : textOf(value))) }
}

function kindOf(type: string, values: readonly JsonValue[]): Kind | null {
  if (type.endsWith(']') || type.includes('unsigned')) return null
  if (type.startsWith('bool')) return boolean
  if (/^(tiny|small|medium|big|u(tiny|small|big)?)?int(eger|\d)?\b|^(hugeint|year)\b/.test(type)) return int64
  if (/^(numeric|decimal)\b/.test(type)) return decimalOf(values)
  if (/^(real|float|double)/.test(type)) return double
  if (type === 'date') return date
  if (/^(timestamp|datetime)/.test(type)) return values.some((value) => hasZone(value)) ? instant : timestamp
  return null
}

const text: Kind = {
  type: 'string',
  element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  store: (value) => textOf(value),
}

const boolean: Kind = {
  type: 'bool',
  element: { type: 'BOOLEAN' },
  store: (value) => (typeof value === 'boolean' ? value : null),
}

const double: Kind = {
  type: 'double',
  element: { type: 'DOUBLE' },
  store: (value) => {
    if (typeof value === 'number') return value
    return typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value) ? Number(value) : null
  },
}

const int64: Kind = {
  type: 'int64',
  element: { type: 'INT64' },
  store: (value) => {
    const digits = Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,19}$/.test(value))
    if (!digits) return null
    const whole = BigInt(value as number | string)
    return BigInt.asIntN(64, whole) === whole ? whole : null
  },
}

const decimalPattern = /^([+-]?)(\d+)(?:\.(\d*))?$/
const mostDigits = 38

/** With as many places as the longest of the values has; null where one has more digits than a decimal holds. */
function decimalOf(values: readonly JsonValue[]): Kind | null {
  let places = 0
  let digits = 1
  for (const value of values) {
    if (value === null) continue
    const [, , whole, fraction = ''] = decimalPattern.exec(plainNumber(value)) ?? []
    if (whole === undefined) return null
    places = Math.max(places, fraction.length)
    digits = Math.max(digits, whole.replace(/^0+/, '').length)
  }
  if (digits + places > mostDigits) return null
  return {
    type: `decimal128(${mostDigits}, ${places})`,
    element: {
      type: 'FIXED_LEN_BYTE_ARRAY',
      type_length: 16,
      converted_type: 'DECIMAL',
      precision: mostDigits,
      scale: places,
    },
    store: (value) => {
      const [, sign = '', whole, fraction = ''] = decimalPattern.exec(plainNumber(value)) ?? []
      if (whole === undefined) return null
      const scaled = BigInt(`${whole}${fraction.padEnd(places, '0')}`)
      return sign === '-' ? -scaled : scaled
    },
  }
}

/** A number without an exponent; what has one becomes text, whose column then is one of texts. */
function plainNumber(value: JsonValue): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}

const datePattern = /^\d{4}-\d\d-\d\d$/
const momentPattern = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)?$/
const dayMilliseconds = 86_400_000

const date: Kind = {
  type: 'date32[day]',
  element: { type: 'INT32', converted_type: 'DATE' },
  store: (value) => {
    const start = typeof value === 'string' && datePattern.test(value) ? millisecondsOf(value, '00:00:00') : null
    return start === null ? null : start / dayMilliseconds
  },
}

/** In UTC; null for a day that no month has, or a time that no day has: a calendar would make others of them. */
function millisecondsOf(day: string, time: string): number | null {
  const moment = new Date(`${day}T${time}Z`)
  const isReal = !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(`${day}T${time}`)
  return isReal ? moment.getTime() : null
}

const timestamp = momentKind(false)
const instant = momentKind(true)

function momentKind(isAdjustedToUTC: boolean): Kind {
  return {
    type: isAdjustedToUTC ? 'timestamp[us, tz=UTC]' : 'timestamp[us]',
    element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit: 'MICROS' } },
    store: (value) => {
      const [, day, time = '', fraction = '', zone] = momentPattern.exec(typeof value === 'string' ? value : '') ?? []
      if (day === undefined || (zone !== undefined) !== isAdjustedToUTC) return null
      const local = millisecondsOf(day, time)
      if (local === null) return null
      return BigInt(local - offsetOf(zone)) * 1_000n + BigInt(fraction.padEnd(6, '0'))
    },
  }
}

/** Milliseconds that local time is ahead of UTC. */
function offsetOf(zone = 'Z'): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

function hasZone(value: JsonValue): boolean {
  return typeof value === 'string' && /(Z|[+-]\d\d:\d\d)$/.test(value) && value.includes('T')
}

/** As in CSV: arrays and objects are their JSON text. A text that is none of Unicode would not be one of Parquet. */
function textOf(value: JsonValue): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed()
}

/** A query may name two columns alike, or one not at all. */
function distinctNames(names: readonly string[]): readonly string[] {
  const used = new Set<string>()
  return names.map((name, place) => {
    const base = name === '' ? `column_${place + 1}` : name.toWellFormed()
    let chosen = base
    for (let count = 2; used.has(chosen) || (chosen !== name && names.includes(chosen)); count += 1)
      chosen = `${base}_${count}`
    used.add(chosen)
    return chosen
  })
}
