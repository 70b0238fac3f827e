import { ServiceError } from '../../core/errors.ts'
import type { Outcome } from '../../core/result.ts'
import { abortFault, deadlineFault } from '../abort.ts'
import type { FaultReason } from './answers.ts'

/** What may not be read and what is not there read the same. DuckDB's own texts are never used: they print values. */
const sentences: Readonly<Record<FaultReason, string>> = {
  missing: 'The statement names a table, column or function that is not available. describe_data lists the tables.',
  ambiguous: 'A column name is ambiguous. Write it with its table: table.column.',
  grouping: 'A column is neither in GROUP BY nor inside an aggregate, or an aggregate stands where none may.',
  types: 'There is no function or operator for these types. Casting an argument may help.',
  syntax: 'The statement is not valid SQL.',
  value: 'A value is not valid for what is done with it. try_cast gives null instead.',
  memory: 'The statement needs more memory than its sandbox has. Read less at once.',
  'read-only': 'The statement tries to change something: this data source can only be read.',
  forbidden: 'The statement names a table, column or function that is not available. describe_data lists the tables.',
  'not-select': 'The statement is not one SELECT.',
  other: 'The database could not run the statement.',
}

export function statementFault(reason: FaultReason): ServiceError {
  return new ServiceError('query-failed', sentences[reason])
}

/** Why there is no answer. */
export function endedFault(
  outcome: Outcome,
  given: { readonly timeoutMilliseconds: number; readonly signal: AbortSignal },
): ServiceError {
  switch (outcome) {
    case 'timeout':
      return deadlineFault(given.timeoutMilliseconds)
    case 'cancelled':
      return abortFault(given.signal)
    case 'out-of-memory':
      return statementFault('memory')
    case 'output-limit':
    case 'disk-full':
      return new ServiceError('query-failed', 'The result does not fit into the sandbox. Read less at once.')
    default:
      return new ServiceError('database-unavailable', `The sandbox of the files ended (${outcome}).`)
  }
}
