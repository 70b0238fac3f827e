import type { JsonValue } from '../../../core/json.ts'
import type { TableData } from '../../../core/result.ts'
import type { Screener } from '../screener.ts'
import { screenTable } from '../values.ts'
import { readWorkbook } from './read-workbook.ts'
import { UnreadableWorkbook, type Cell, type Sheet } from './workbook.ts'
import { writeWorkbook } from './write-workbook.ts'

export type ScreenedWorkbook =
  | { readonly kind: 'passes'; readonly bytes: Buffer; readonly isMasked: boolean; readonly lost: string | null }
  | { readonly kind: 'unreadable'; readonly why: string }

const longestName = 31

/**
 * A workbook written anew from its values, each of which has passed the filters: what no filter reads, and what a spreadsheet would
 * calculate or load, is not in it. Rejects with `refused` where the profile blocks.
 */
export async function screenWorkbook(
  bytes: Buffer,
  screener: Screener,
  signal: AbortSignal,
): Promise<ScreenedWorkbook> {
  try {
    const workbook = await readWorkbook(bytes, screener.maximumResultCharacters)
    signal.throwIfAborted()
    const names = await screener.texts(
      workbook.sheets.map(({ name }) => ({ text: name, provenance: 'file' })),
      signal,
    )
    const sheets: Sheet[] = []
    let isMasked = false
    for (const [index, { name, rows }] of workbook.sheets.entries()) {
      const screened = await screenRows(rows, screener, signal)
      isMasked ||= screened.isMasked || names[index] !== name
      sheets.push({ name: freeName(names[index] ?? '', sheets), rows: screened.rows })
    }
    const count = workbook.formulasWithoutValue
    const lost = count === 0 ? null : `${count === 1 ? 'One formula' : `${count} formulas`} without a value left out`
    return { kind: 'passes', bytes: await writeWorkbook({ ...workbook, sheets }), isMasked, lost }
  } catch (thrown) {
    if (thrown instanceof UnreadableWorkbook) return { kind: 'unreadable', why: thrown.message }
    throw thrown
  }
}

async function screenRows(
  rows: Sheet['rows'],
  screener: Screener,
  signal: AbortSignal,
): Promise<{ readonly rows: Sheet['rows']; readonly isMasked: boolean }> {
  const [first = []] = rows
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  // A first row of names says what the values below are.
  const columns = Array.from({ length: width }, (_, column) => ({ name: textOf(first[column] ?? null), type: 'text' }))
  const table: TableData = { columns, rows: rows.map((row) => row.map(toJson)), totalRows: rows.length }
  const screened = await screenTable(table, screener, signal)
  let isMasked = false
  const passed = rows.map((row, at) =>
    row.map((cell, column): Cell => {
      const value = screened.rows[at]?.[column] ?? null
      if (value === toJson(cell)) return cell
      isMasked = true
      return typeof value === 'string' ? value : null
    }),
  )
  return { rows: passed, isMasked }
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : '')

function toJson(cell: Cell): JsonValue {
  return typeof cell === 'object' && cell !== null ? cell.number : cell
}

/** A name that a sheet may have and no other one has. */
function freeName(name: string, others: readonly Sheet[]): string {
  const taken = new Set(others.map((sheet) => sheet.name.toLowerCase()))
  const plain = name
    .replaceAll(/[[\]:*?/\\\p{Cc}]/gu, '_')
    .replaceAll(/^'|'$/g, '_')
    .slice(0, longestName)
    .toWellFormed()
  const base = plain.trim() === '' ? 'Sheet' : plain
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? '' : ` (${count})`
    const free = `${base.slice(0, longestName - suffix.length)}${suffix}`
    if (!taken.has(free.toLowerCase())) return free
  }
}
