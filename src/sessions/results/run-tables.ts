import { columnMasks, type ColumnMask } from '../../core/column-masks.ts'
import type { KeptItem } from '../../core/conversations.ts'
import type { TableData, TableReading } from '../../core/result.ts'
import type { Finding } from '../../core/verdict.ts'

/** What cut a table: a limit of the source, one of the sandbox, or that of what a filter looks at. */
export type TableCut = 'rows' | 'bytes' | 'characters'

/** A table that a call of a run came to, as it was screened then. */
export interface RunTable {
  readonly run: string
  /** The number of the call among those of its run, from 1: what a mark of an answer names. */
  readonly call: number
  readonly tool: string
  /** What ran; null where it may not be shown. */
  readonly statement: string | null
  /** The file that programs found it in; null for none. */
  readonly savedAs: string | null
  readonly table: TableData
  readonly masks: readonly (ColumnMask | null)[]
  readonly cut: TableCut | null
  readonly reading: TableReading | null
  /** What a filter replaced or cut in all that its call came to. */
  readonly findings: readonly Finding[]
}

/** The tables of a run, in its order. A result from before calls had numbers cannot be named, and is left out. */
export function tablesOfRun(items: readonly KeptItem[]): readonly RunTable[] {
  return items.flatMap(({ run, item }): readonly RunTable[] => {
    if (run === null || item.type !== 'tool-use' || item.outcome.kind !== 'result') return []
    const { tool, source, outcome } = item
    const { number, table, reading = null, savedAs = null, findings = [] } = outcome
    if (number === undefined || table === null) return []
    const statement = source?.text ?? null
    const { columns, replaced: byFilter = [] } = table
    const masks = columnMasks(columns, { byPolicy: reading?.masked ?? [], byFilter })
    const cut = cutOf(table, { reading, findings })
    return [{ run, call: number, tool, statement, savedAs, table, masks, cut, reading, findings }]
  })
}

function cutOf(
  { rows, totalRows }: TableData,
  { reading, findings }: Pick<RunTable, 'reading' | 'findings'>,
): TableCut | null {
  if (rows.length === totalRows) return reading?.truncated ?? null
  return findings.some(({ rule }) => rule === 'filter/result-cut') ? 'characters' : 'rows'
}

/** A table in one line: `1,247 rows · email masked · truncated at 10,000 rows`. */
export function describeRunTable({ table, masks, cut }: Pick<RunTable, 'table' | 'masks' | 'cut'>): string {
  const { columns, rows, totalRows } = table
  const masked = columns.flatMap(({ name }, place) => (masks[place] === null ? [] : [name]))
  return [
    `${counted(totalRows)} ${totalRows === 1 ? 'row' : 'rows'}`,
    ...(masked.length === 0 ? [] : [`${masked.join(', ')} masked`]),
    ...(cut === null ? [] : [`truncated at ${counted(rows.length)} rows`]),
  ].join(' · ')
}

const counted = (count: number): string => count.toLocaleString('en')
