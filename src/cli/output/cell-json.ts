import type { ErrorCode } from '../../core/error-table.ts'
import type { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { Outcome } from '../../core/result.ts'
import type { Finding } from '../../core/verdict.ts'
import type { RunAnswer } from '../../service/sallyport.ts'
import { cellJson } from '../../surfaces/wire/cell.ts'
import { toFindings } from '../../surfaces/wire/sql.ts'

type JsonObject = { readonly [key: string]: JsonValue }

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
    findings: toFindings(findings),
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
