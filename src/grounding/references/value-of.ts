import type { JsonValue } from '../../core/json.ts'
import type { TableData } from '../../core/result.ts'
import type { ValueReference } from './reference.ts'

/** What a result shows its reader, for references into it. */
export interface ShownResult {
  /** Null where it shows none. */
  readonly table: TableData | null
  /** What a program printed as JSON; absent where it printed none. */
  readonly json?: JsonValue
}

export type Scalar = string | number | boolean

/** The value with where it stands, or why there is none. */
export type FoundValue =
  | {
      readonly kind: 'value'
      readonly value: Scalar
      /** Of a table: the place of the row, from 0, and the column. Null for a value out of JSON. */
      readonly cell: { readonly row: number; readonly column: string } | null
    }
  | { readonly kind: 'missing'; readonly why: string }

/** The one value that the path names. A table comes before what was printed. */
export function valueOf({ table, json }: ShownResult, { path }: Pick<ValueReference, 'path'>): FoundValue {
  if (table !== null && table.columns.length > 0) return inTable(table, path)
  return json === undefined ? missing('the result shows no table') : inJson(json, path)
}

function inTable(table: TableData, path: readonly string[]): FoundValue {
  const column = path.at(-1) ?? ''
  const places = table.columns.flatMap(({ name }, place) => (name === column ? [place] : []))
  const [place, ...others] = places
  if (place === undefined) return missing('it has no such column')
  if (others.length > 0) return missing('it has several columns of this name')
  const row = rowOf(table, path.slice(0, -1))
  if (typeof row === 'string') return missing(row)
  const value = table.rows[row]?.[place]
  if (!isScalar(value)) return missing('the cell holds no single value')
  return { kind: 'value', value, cell: { row, column } }
}

/** The place of the row that the beginning of a path names, or why there is none. */
function rowOf({ columns, rows, totalRows }: TableData, path: readonly string[]): number | string {
  const [first, second, ...more] = path
  const isWhole = rows.length === totalRows
  if (first === undefined) return isWhole && rows.length === 1 ? 0 : 'it has not exactly one row'
  if (first === 'rows' && second !== undefined && more.length === 0) {
    return /^\d{1,7}$/.test(second) && Number(second) < rows.length ? Number(second) : 'it has no such row'
  }
  if (second !== undefined) return 'a row is named by its key, or by rows and its place'
  if (columns.length < 2) return 'it has no column beside the key'
  const places = rows.flatMap(([key], place) => (isScalar(key) && String(key) === first ? [place] : []))
  const [place, ...others] = places
  if (place === undefined) return 'it has no such row'
  // Of a result that was cut, another row of this key may be among what is left out.
  return others.length > 0 || !isWhole ? 'more than one row may have this key' : place
}

function inJson(json: JsonValue, path: readonly string[]): FoundValue {
  let value: JsonValue | undefined = json
  for (const part of path) {
    if (Array.isArray(value)) value = /^\d{1,7}$/.test(part) ? (value as readonly JsonValue[])[Number(part)] : undefined
    else if (typeof value === 'object' && value !== null) {
      value = Object.hasOwn(value, part) ? (value as Readonly<Record<string, JsonValue>>)[part] : undefined
    } else value = undefined
  }
  return isScalar(value) ? { kind: 'value', value, cell: null } : missing('there is no single value')
}

const isScalar = (value: JsonValue | undefined): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const missing = (why: string): FoundValue => ({ kind: 'missing', why })
