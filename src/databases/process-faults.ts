import type { ProcessFaults } from '../processes/killable-process.ts'
import { abortFault, deadlineFault } from './abort.ts'
import { StatementError } from './session.ts'

interface StatementFailure {
  readonly sqlstate: string
  readonly position: number | null
}

/** What a handler of a database's process threw, as the failure it sends; null for what is a fault of the process. */
export function statementFailure(error: unknown): StatementFailure | null {
  return error instanceof StatementError ? { sqlstate: error.sqlstate, position: error.position } : null
}

/** How a database's process says that a call was aborted, took too long or failed. */
export const databaseProcessFaults: ProcessFaults = {
  aborted: abortFault,
  late: deadlineFault,
  failed(failure) {
    const { sqlstate, position } = failure as StatementFailure
    return new StatementError(sqlstate, position)
  },
  unavailable: 'database-unavailable',
}
