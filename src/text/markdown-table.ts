import type { JsonValue } from '../core/json.ts'
import type { TableData } from '../core/result.ts'
import { cutText } from './cut-text.ts'
import { directionMarks } from './hidden-characters.ts'

/** Longest text of a cell, in UTF-16 code units. */
const cellCharacters = 1_000
const unshown = new RegExp(`[\\p{Cc}${directionMarks}]`, 'gu')

/**
 * The first rows as a table of GitHub's Markdown, numbers to the right, with a line that says how many there are when they
 * are more. No cell can leave its place, or bring links, pictures or HTML of its own: one that holds an address is code, which no reader makes a
 * link of, and which shows the value as it is.
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
  return mayBecomeLink.test(cut) ? codeOf(cut) : cut.replaceAll(/[\\`*_{}[\]<>|!#~]/g, '\\$&')
}

/** What a reader may make a link of by itself: behind a scheme, a mail address, a name of a host, also by references to characters. */
const mayBecomeLink = /:\/\/|@|[\p{L}\p{N}]\.\p{L}{2}|&[#a-z0-9]{2,32};|\p{Cf}/iu

/** A value as a span of code in a cell: behind more marks than it has in a row, and with its bars escaped. */
function codeOf(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
  const mark = '`'.repeat(longest + 1)
  const inside = text.replaceAll('|', '\\|')
  const isPadded = /^`|`$/.test(text)
  return isPadded ? `${mark} ${inside} ${mark}` : mark + inside + mark
}

function isNumeric(table: TableData, index: number): boolean {
  return table.rows.some((row) => typeof row[index] === 'number')
}
