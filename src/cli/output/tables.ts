import CliTable from 'cli-table3'
import type { JsonValue } from '../../core/json.ts'
import type { TableData } from '../../core/result.ts'
import { plainLine } from './plain-text.ts'

const cellWidth = 60

function cellText(value: JsonValue): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Numbers, and the texts that stand for numbers beyond 2^53; empty cells do not decide. */
function isNumeric(value: JsonValue): boolean {
  return value === null || typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
}

/** A note under a table that shows fewer rows than there are; empty when it shows all. */
export function rowNote(table: TableData, shown: number): string {
  if (table.totalRows <= shown) return ''
  return `${shown.toLocaleString('en')} of ${table.totalRows.toLocaleString('en')} rows`
}

/** Boxed, for people; numbers to the right; at most `maximumRows`. */
export function textTable(table: TableData, maximumRows: number): string {
  const rows = table.rows.slice(0, maximumRows)
  const isNumber = table.columns.map((_, index) => rows.every((row) => isNumeric(row[index] ?? null)))
  const drawn = new CliTable({
    head: table.columns.map((column) => plainLine(column.name, cellWidth)),
    colAligns: isNumber.map((number) => (number ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  })
  for (const row of rows) drawn.push(row.map((value) => plainLine(cellText(value), cellWidth)))
  const note = rowNote(table, rows.length)
  return `${drawn.toString()}\n${note === '' ? '' : `${note}\n`}`
}

/** GitHub-flavoured Markdown. */
export function markdownTable(table: TableData, maximumRows: number): string {
  const rows = table.rows.slice(0, maximumRows)
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => plainLine(cell, 1000).replaceAll('|', '\\|')).join(' | ')} |`
  const note = rowNote(table, rows.length)
  return [
    line(table.columns.map((column) => column.name)),
    line(table.columns.map(() => '---')),
    ...rows.map((row) => line(row.map(cellText))),
    ...(note === '' ? [] : ['', `_${note}_`]),
    '',
  ].join('\n')
}

/** RFC 4180 with line feeds. Values are written as they are: whoever opens them in a spreadsheet imports them as text. */
export function csvTable(table: TableData): string {
  const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = [
    table.columns.map((column) => field(column.name)),
    ...table.rows.map((row) => row.map(cellText).map(field)),
  ]
  return `${lines.map((cells) => cells.join(',')).join('\n')}\n`
}

/** Columns, rows in their order, and the number of rows of the whole table. */
export function tableJson(table: TableData): JsonValue {
  return {
    columns: table.columns.map(({ name, type }) => ({ name, type })),
    rows: table.rows,
    total_rows: table.totalRows,
  }
}
