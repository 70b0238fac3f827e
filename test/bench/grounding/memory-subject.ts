/**
 * What results of a run hold: `node --expose-gc memory-subject.ts KIND` makes 40 results of 1,000 rows, lets go of all but what KIND keeps, and prints the bytes of
 * one. `rows` keeps the rows alone, `kept` what a run keeps of them for its answer, `marked` that with what is found out about them when it is marked.
 */
import type { JsonValue } from '../../../src/core/json.ts'
import { RunResults } from '../../../src/grounding/references/run-results.ts'
import { atOnce } from '../../../src/grounding/steps.ts'
import { indexEvidence, preparing } from '../../../src/grounding/tables/evidence.ts'

const count = 40
const columns = ['store', 'segment', 'revenue', 'orders', 'returns', 'weight'].map((name) => ({ name, type: 'text' }))

function table(at: number) {
  const rows: JsonValue[][] = Array.from({ length: 1000 }, (_, row) =>
    // As rows come from a database: each text by itself.
    JSON.parse(JSON.stringify([`Store ${at}-${row}`, ['Retail', 'Online'][row % 2], row * 17, row, row / 7, row / 3])),
  )
  return { columns, rows, totalRows: rows.length }
}

function kept(at: number): RunResults {
  const results = new RunResults()
  results.add({ number: 1, tool: 'run_sql', table: table(at), cell: null })
  return results
}

function marked(at: number) {
  const results = kept(at)
  const tables = results.all.flatMap(({ table: shown }) => (shown === null ? [] : [{ id: 'run1', ...shown }]))
  const evidence = indexEvidence(tables)
  for (const each of evidence.tables) {
    atOnce(preparing(each))
    for (const column of each.columns) void column.sorted
  }
  return { results, evidence }
}

const keep = { rows: table, kept, marked }

function held(): number {
  for (let round = 0; round < 4; round += 1) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const [kind = ''] = process.argv.slice(2)
if (kind !== 'rows' && kind !== 'kept' && kind !== 'marked') throw new Error(`There is no kind "${kind}".`)
keep[kind](count)
const before = held()
const all = Array.from({ length: count }, (_, at) => keep[kind](at))
process.stdout.write(`${JSON.stringify({ bytes: (held() - before) / all.length })}\n`)
