import { errorTable } from '../core/error-table.ts'
import type { AgentEnding, AgentEvent } from '../core/events.ts'
import type { Outcome } from '../core/result.ts'

/** Exit codes that no error code of its own stands for. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, refused: 3, sandbox: 5, codeFailed: 8 } as const

const endingExit: Readonly<Record<AgentEnding, number>> = {
  answer: exitCodes.ok,
  'step-limit': exitCodes.failure,
  'token-limit': errorTable['quota-exceeded'].exitCode,
  'time-limit': errorTable['deadline-exceeded'].exitCode,
  'cost-limit': errorTable['quota-exceeded'].exitCode,
  'correction-limit': exitCodes.refused,
  'empty-turns': errorTable['model-protocol'].exitCode,
  'model-length': errorTable['model-protocol'].exitCode,
  'model-filtered': exitCodes.refused,
  cancelled: errorTable.cancelled.exitCode,
  failed: exitCodes.failure,
}

/** How a run of the agent ended, as an exit code; the fault's own code where there was one. */
export function exitCodeOfEnd(end: Extract<AgentEvent, { type: 'end' }>): number {
  return end.ending === 'failed' && end.code !== undefined ? errorTable[end.code].exitCode : endingExit[end.ending]
}

/** How a program ended, as an exit code. */
export const outcomeExit: Readonly<Record<Outcome, number>> = {
  ok: exitCodes.ok,
  'user-error': exitCodes.codeFailed,
  timeout: errorTable['deadline-exceeded'].exitCode,
  'out-of-memory': exitCodes.codeFailed,
  'too-many-processes': exitCodes.codeFailed,
  'disk-full': exitCodes.codeFailed,
  'output-limit': exitCodes.codeFailed,
  cancelled: errorTable.cancelled.exitCode,
  rejected: exitCodes.refused,
  'sandbox-lost': errorTable['sandbox-lost'].exitCode,
  unavailable: errorTable['sandbox-unavailable'].exitCode,
}
