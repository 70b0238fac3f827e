import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { corpus } from '../../corpora/corpora.ts'
import { factTable } from '../fact-table.ts'
import { sourceTable, type SourceTable } from './source-table.ts'

/** Rows of a file that a run's result holds; the rest of a larger file is left out, as the analyst's results leave it out. */
const mostRows = 1000

/** Tables of TabFact and DABench that are on this machine, in the order of their names. */
export function corpusTables(): SourceTable[] {
  const [tabfact, dabench] = [corpus('grounding'), corpus('workloads/dabench/tables')]
  return [
    ...(tabfact === null ? [] : tablesIn(join(tabfact, 'tabfact-tables'), '.html.csv', 'tabfact')),
    ...(dabench === null ? [] : tablesIn(dabench, '.csv', 'dabench')),
  ]
}

function tablesIn(folder: string, end: string, origin: 'tabfact' | 'dabench'): SourceTable[] {
  const ids = readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => name.slice(0, -end.length))
    .toSorted()
  return ids.flatMap((id) => {
    const table = factTable(id, mostRows)
    if (table === null || table.rows.length < 4) return []
    return [sourceTable(id, origin, { title: id, columns: table.columns, cells: table.rows.slice(0, mostRows) })]
  })
}

/** Half of the tables are there to be looked at; what is wrong with the other half is only counted. */
export function isLookedAt(id: string): boolean {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % 2 === 0
}
