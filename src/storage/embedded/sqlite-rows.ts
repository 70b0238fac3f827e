import type { SQLOutputValue } from 'node:sqlite'
import type { Rows } from './sqlite-orders.ts'

export type Row = Readonly<Record<string, SQLOutputValue>>

/** Rows with their values by the names of their columns. */
export function objectsOf({ columns, rows }: Pick<Rows, 'columns' | 'rows'>): readonly Row[] {
  return rows.map((values) => {
    const row: Record<string, SQLOutputValue> = {}
    for (const [at, name] of columns.entries()) row[name] = values[at] ?? null
    return row
  })
}
