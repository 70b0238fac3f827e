import { valueText } from '../../../components/visible-text.ts'

/** What a spreadsheet takes for the beginning of a formula, as the service has it of the files that leave it. */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
const number = /^[+-]?\d[\d.,' ]*(?:e[+-]?\d{1,4})?\s?%?$/i

/** Rows as CSV (RFC 4180), UTF-8. An apostrophe stands before words that a spreadsheet would compute. */
export function rowsAsCsv(
  columns: readonly { readonly name: string }[],
  rows: readonly (readonly unknown[])[],
): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map(valueText))]
  return lines.map((cells) => `${cells.map(asCell).join(',')}\r\n`).join('')
}

function asCell(text: string): string {
  const safe = formula.test(text) && !number.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
