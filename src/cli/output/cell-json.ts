import { toldMilliseconds } from '../../core/milliseconds.ts'
import type { ErrorCode } from '../../core/error-table.ts'
import type { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { CellResult, DisplayItem, Outcome } from '../../core/result.ts'
import type { Finding } from '../../core/verdict.ts'
import type { RunAnswer } from '../../service/sallyport.ts'
import { tableJson } from './tables.ts'

type JsonObject = { readonly [key: string]: JsonValue }

function itemJson(item: DisplayItem): JsonValue {
  const { isMain, data, ...representations } = item
  return { is_main: isMain, ...representations, ...(data === undefined ? {} : { data: tableJson(data) }) }
}

export function findingsJson(findings: readonly Finding[]): JsonValue {
  return findings.map(({ rule, line, column, message }) => ({ rule, line, column, message }))
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
    findings: findingsJson(cell.findings ?? []),
  }
}

/** A program that no sandbox ran: refused by a validator, or not understood at all. */
export function rejectedJson(findings: readonly Finding[], notice: string | null): JsonObject {
  return {
    outcome: 'rejected',
    stdout: '',
    stderr: '',
    results: [],
    error: null,
    artifacts: [],
    timings: { queue_ms: 0, run_ms: 0 },
    peak_memory_bytes: null,
    truncated: [],
    session_alive: false,
    notice,
    findings: findingsJson(findings),
  }
}

const nowhere = { ran_in: null, driver: null, driver_reason: null }

export function runAnswerJson(answer: RunAnswer): JsonObject {
  return answer.kind === 'result'
    ? {
        ...cellJson(answer.cell),
        ran_in: answer.ranIn,
        driver: answer.driver.name,
        driver_reason: answer.driver.reason,
      }
    : { ...rejectedJson(answer.findings, null), ...nowhere }
}

/** What a fault means for the program that met it. Codes that are not here mean that no sandbox was available. */
const faultOutcome: Partial<Readonly<Record<ErrorCode, Outcome>>> = {
  'invalid-request': 'rejected',
  'payload-too-large': 'rejected',
  'invalid-file': 'rejected',
  forbidden: 'rejected',
  refused: 'rejected',
  'sandbox-lost': 'sandbox-lost',
  'deadline-exceeded': 'timeout',
  cancelled: 'cancelled',
}

/** A program that met a fault: the same shape as one that ran, with the outcome that the fault stands for. */
export function faultJson(error: ServiceError): JsonObject {
  const outcome = faultOutcome[error.code] ?? 'unavailable'
  return { ...rejectedJson([], `${error.message} ${error.advice}`), outcome, code: error.code, ...nowhere }
}
