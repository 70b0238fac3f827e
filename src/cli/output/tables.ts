import CliTable from 'cli-table3'
import Papa from 'papaparse'
import type { JsonValue } from '../../core/json.ts'
import type { TableData } from '../../core/result.ts'
import { plainLine } from './plain-text.ts'
import { displayWidth, fitColumns } from './table-layout.ts'

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

export interface TextTableOptions {
  readonly maximumRows: number
  /** Characters of a line that the table may take; null for as many as its cells need. */
  readonly width: number | null
}

/**
 * Boxed, for people; numbers to the right. A table that is wider than the lines has its widest columns cut, and columns
 * that do not fit at all are left out and counted in the note.
 */
export function textTable(table: TableData, { maximumRows, width }: TextTableOptions): string {
  const rows = table.rows.slice(0, maximumRows)
  const head = table.columns.map((column) => plainLine(column.name, cellWidth))
  const cells = rows.map((row) => head.map((_, index) => plainLine(cellText(row[index] ?? null), cellWidth)))
  const wanted = head.map((name, index) =>
    [name, ...cells.map((row) => row[index] ?? '')].reduce((most, text) => Math.max(most, displayWidth(text)), 1),
  )
  const widths = width === null ? wanted : fitColumns(wanted, width)
  const isNumber = widths.map((_, index) => rows.every((row) => isNumeric(row[index] ?? null)))
  const drawn = new CliTable({
    head: head.slice(0, widths.length),
    colAligns: isNumber.map((number) => (number ? 'right' : 'left')),
    colWidths: widths.map((columnWidth) => columnWidth + 2),
    style: { head: [], border: [], compact: true },
  })
  for (const row of cells) drawn.push(row.slice(0, widths.length))
  const hidden = head.length - widths.length
  const notes = [
    rowNote(table, rows.length),
    hidden === 0 ? '' : `${hidden} more ${hidden === 1 ? 'column' : 'columns'}: --output csv has all`,
  ].filter((note) => note !== '')
  return `${drawn.toString()}\n${notes.map((note) => `${note}\n`).join('')}`
}

/** RFC 4180 with line feeds. Values are written as they are: whoever opens them in a spreadsheet imports them as text. */
export function csvTable(table: TableData): string {
  const lines = [table.columns.map((column) => column.name), ...table.rows.map((row) => row.map(cellText))]
  return `${Papa.unparse(lines, { newline: '\n' })}\n`
}
