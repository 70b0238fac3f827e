import type { JsonValue } from '../core/json.ts'
import type { TableData } from '../core/result.ts'
import { cutText } from './cut-text.ts'
import { directionMarks } from './hidden-characters.ts'

/** Longest text of a cell, in UTF-16 code units. */
const cellCharacters = 1_000
const unshown = new RegExp(`[\\p{Cc}${directionMarks}]`, 'gu')

/**
 * The first rows as a table of GitHub's Markdown, numbers to the right, with a line that says how many there are when they
 * are more. No cell can leave its place, or bring links, pictures or HTML of its own.
 */
export function markdownTable(table: TableData, maximumRows: number): string {
  const rows = table.rows.slice(0, maximumRows)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = table.columns.map((_column, index) => (isNumeric(table, index) ? '---:' : '---'))
  const lines = [
    line(table.columns.map((column) => cellOf(column.name))),
    line(rule),
    ...rows.map((row) => line(table.columns.map((_column, index) => cellOf(row[index] ?? null)))),
  ]
  if (table.totalRows > rows.length) {
    lines.push('', `*${rows.length.toLocaleString('en')} of ${table.totalRows.toLocaleString('en')} rows.*`)
  }
  return lines.join('\n')
}

/** Does a Markdown text hold a table already? */
export function holdsTable(text: string): boolean {
  return /^\s*\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?\s*)?\|?\s*$/m.test(text)
}

function cellOf(value: JsonValue): string {
  const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(unshown, '').trim()
  const cut = line.length > cellCharacters ? `${cutText(line, cellCharacters - 1)}…` : line
  return cut.replaceAll(/[\\`*_{}[\]<>|!#~]/g, '\\$&')
}

function isNumeric(table: TableData, index: number): boolean {
  return table.rows.some((row) => typeof row[index] === 'number')
}
