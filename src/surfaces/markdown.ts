import type { JsonValue } from '../core/json.ts'
import { nameInMarkdown } from '../text/name-in-markdown.ts'
import type { TableData } from '../core/result.ts'

function cellText(value: JsonValue): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  // A cell cannot leave its place in the table, nor bring links, pictures or HTML of its own.
  return text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\\`*_{}[\]<>|!#]/g, '\\$&')
    .slice(0, 200)
}

function isNumeric(table: TableData, index: number): boolean {
  return table.rows.some((row) => typeof row[index] === 'number')
}

function rule(table: TableData): string {
  return table.columns.map((_column, index) => (isNumeric(table, index) ? '---:' : '---')).join(' | ')
}

/** The first rows as a Markdown table, with a line that says how many there are when they are more. */
export function tableToMarkdown(table: TableData, maximumRows: number): string {
  const shown = table.rows.slice(0, maximumRows)
  const lines = [
    `| ${table.columns.map((column) => cellText(column.name)).join(' | ')} |`,
    `| ${rule(table)} |`,
    ...shown.map((row) => `| ${table.columns.map((_column, index) => cellText(row[index] ?? null)).join(' | ')} |`),
  ]
  if (table.totalRows > shown.length) {
    lines.push('', `*${shown.length.toLocaleString('en')} of ${table.totalRows.toLocaleString('en')} rows.*`)
  }
  return lines.join('\n')
}

/** Does the text already hold a table? */
export function holdsTable(text: string): boolean {
  return /^\s*\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?\s*)?\|?\s*$/m.test(text)
}

export function imageLink(name: string, url: string): string {
  return `![${nameInMarkdown(name)}](${url})`
}

export function fileLink(name: string, url: string): string {
  return `[${nameInMarkdown(name)}](${url})`
}
