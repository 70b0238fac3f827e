import Papa from 'papaparse'
import type { JsonValue } from '../core/json.ts'

interface Rows {
  readonly columns: readonly { readonly name: string }[]
  readonly rows: readonly (readonly JsonValue[])[]
}

/** Rows as CSV with a header, for programs and models. Null is an empty field; arrays and objects are their JSON text. */
export function rowsAsCsv({ columns, rows }: Rows): string {
  const fields = columns.map((column) => column.name)
  return Papa.unparse({ fields, data: rows.map((row) => row.map(toCell)) }, { newline: '\n' })
}

function toCell(value: JsonValue): string | number | boolean | null {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}
