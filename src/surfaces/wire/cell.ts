import { toldMilliseconds } from '../../core/milliseconds.ts'
import type { JsonValue } from '../../core/json.ts'
import type { CellResult, DisplayItem, TableData } from '../../core/result.ts'
import { toFindings } from './sql.ts'

type JsonObject = { readonly [key: string]: JsonValue }

/** Columns, rows in their order, and the number of rows of the whole table. */
export function tableJson(table: TableData): JsonValue {
  return {
    columns: table.columns.map(({ name, type }) => ({ name, type })),
    rows: table.rows,
    total_rows: table.totalRows,
  }
}

function itemJson(item: DisplayItem): JsonValue {
  const { isMain, data, ...representations } = item
  return { is_main: isMain, ...representations, ...(data === undefined ? {} : { data: tableJson(data) }) }
}

/** A cell as one JSON object: texts as texts, whatever was cut named in `truncated`. */
export function cellJson(cell: CellResult): JsonObject {
  return {
    outcome: cell.outcome,
    stdout: cell.stdout.text,
    stderr: cell.stderr.text,
    results: cell.results.map(itemJson),
    error:
      cell.error === null ? null : { name: cell.error.name, value: cell.error.value, traceback: cell.error.traceback },
    artifacts: cell.artifacts.map(({ path, bytes }) => ({ path, bytes })),
    timings: { queue_ms: toldMilliseconds(cell.timings.queueMs), run_ms: toldMilliseconds(cell.timings.runMs) },
    peak_memory_bytes: cell.peakMemoryBytes,
    truncated: cell.truncated,
    session_alive: cell.sessionAlive,
    notice: cell.notice,
    findings: toFindings(cell.findings ?? []),
  }
}
