import type { ExecutionAnswer } from '../../core/execution.ts'
import { describeFindings } from '../../core/verdict.ts'
import type { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { CellResult, DisplayItem, TableData } from '../../core/result.ts'
import { toProblem } from '../../http/problem.ts'
import { cellEnd, errorNameOf } from '../cell-end.ts'
import { toChart } from './charts.ts'

/** One line of the answer to a program. */
export type CellLine = Readonly<Record<string, JsonValue>> & { readonly type: string }

/** In ASCII, since the JavaScript client decodes each piece of the connection by itself. */
export function lineText(line: CellLine): string {
  const json = JSON.stringify(line).replace(
    /[^\0-~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${json}\n`
}

/** Microseconds since 1970: the Python client wants it. */
export function outputLine(stream: 'stdout' | 'stderr', text: string, now: number): CellLine {
  return { type: stream, text, timestamp: now * 1_000 }
}

const errorLine = (name: string, value: string, traceback = ''): CellLine => ({ type: 'error', name, value, traceback })

/** What went wrong once the answer had begun. */
export function faultLine(error: ServiceError, requestId: string): CellLine {
  return errorLine(errorNameOf(error.code), toProblem(error, requestId).message)
}

/** Results, then how it ended where that was not well: a run that was cut never looks like one that had nothing to say. */
export function linesOf(answer: ExecutionAnswer): readonly CellLine[] {
  if (answer.kind === 'refused') return [errorLine('Refused', describeFindings(answer.findings))]
  const { cell } = answer
  return [...cell.results.map(resultLine), ...endOf(cell)]
}

function endOf(cell: CellResult): readonly CellLine[] {
  const end = cellEnd(cell)
  return end === null ? [] : [errorLine(end.name, end.value, end.traceback)]
}

const texts = ['text', 'html', 'markdown', 'svg', 'png', 'jpeg', 'latex', 'json'] as const

function resultLine(item: DisplayItem): CellLine {
  const forms = texts.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]] as const]))
  const data = item.data === undefined ? {} : { data: columnsOf(item.data) }
  const chart = item.chart === undefined ? {} : { chart: toChart(item.chart) }
  return { type: 'result', is_main_result: item.isMain, ...Object.fromEntries(forms), ...data, ...chart }
}

/** Values by the names of their columns, as `DataFrame.to_dict("list")` has them; names that stand twice get numbers. */
function columnsOf({ columns, rows }: TableData): JsonValue {
  const seen = new Map<string, number>()
  const named = columns.map(({ name }, index) => {
    const times = seen.get(name) ?? 0
    seen.set(name, times + 1)
    return [times === 0 ? name : `${name}.${times}`, rows.map((row) => row[index] ?? null)] as const
  })
  return Object.fromEntries(named)
}
