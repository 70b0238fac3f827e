import { ServiceError } from '../core/errors.ts'
import type { ErrorCode } from '../core/error-table.ts'

interface Sentence {
  readonly code: ErrorCode
  readonly text: string
}

const failed = (text: string): Sentence => ({ code: 'query-failed', text })
const unavailable = (text: string): Sentence => ({ code: 'database-unavailable', text })

/** What may not be read and what is not there read the same, so that asking tells nothing. */
const notHere = failed(
  'The statement names a table or column that is not available. describe_data lists those that are.',
)

const bySqlstate: Readonly<Record<string, Sentence>> = {
  '21000': failed('A subquery used as a value returned more than one row. Add LIMIT 1 or an aggregate.'),
  '22003': failed('A number is out of range for its type.'),
  '22007': failed('A text is not a valid date or time. Dates look like 2024-12-31.'),
  '22008': failed('A date or time is out of range.'),
  '22012': failed('The statement divides by zero. NULLIF(divisor, 0) avoids it.'),
  '2201B': failed('A regular expression is not valid.'),
  '22P02': failed('A text is not valid for the type it is converted to.'),
  '25006': failed('The statement tries to change something: this data source can only be read.'),
  '3F000': notHere,
  '40001': failed('The statement was in the way of replication and was ended. Run it again.'),
  '40P01': failed('The statement was in a deadlock and was ended. Run it again.'),
  '42501': notHere,
  '42601': failed('The statement is not valid SQL.'),
  '42702': failed('A column name is ambiguous. Write it with its table: table.column.'),
  '42703': notHere,
  '42803': failed('A column is neither in GROUP BY nor inside an aggregate.'),
  '42804': failed('Types do not fit together. Cast one side.'),
  '42846': failed('A value cannot be converted to the wanted type.'),
  '42883': failed('There is no function or operator with this name for these types. Casting an argument may help.'),
  '42P01': notHere,
  '42P10': failed('A column reference is not valid here.'),
  '42P18': failed('The type of an expression cannot be determined. Cast it.'),
  '53100': unavailable('The database has no disk space left for the statement.'),
  '53200': failed('The statement needs more memory than the database has. Read less at once.'),
  '53300': unavailable('The database takes no more connections.'),
  '53400': failed('The statement needs more temporary space than allowed. Read or sort less at once.'),
  '54000': failed('The statement is beyond a limit of the database.'),
  '54001': failed('The statement is nested too deeply.'),
  '57014': { code: 'deadline-exceeded', text: 'The statement took longer than allowed and was ended.' },
  '57P01': unavailable('The database ended the connection.'),
  '57P02': unavailable('The database crashed and is recovering.'),
  '57P03': unavailable('The database is starting up.'),
}

const byClass: Readonly<Record<string, Sentence>> = {
  '08': unavailable('The connection to the database was lost.'),
  '21': failed('A subquery returned another number of rows than its place allows.'),
  '22': failed('A value is not valid for what is done with it.'),
  '25': failed('The transaction does not allow the statement.'),
  '28': unavailable('The database did not accept the credentials of the data source.'),
  '2F': failed('A function of the database refused to run.'),
  '40': failed('The transaction was ended by the database. Run the statement again.'),
  '42': failed('The statement does not fit the tables, columns and types it uses.'),
  '53': unavailable('The database is short of resources.'),
  '54': failed('The statement is beyond a limit of the database.'),
  '55': failed('The statement needs something that is in use.'),
  '57': unavailable('An operator of the database ended the statement.'),
  '58': unavailable('The database had a system error.'),
}

const unknown = failed('The database could not run the statement.')

/** The fixed sentence for a SQLSTATE. The database's own text is never used: it can print cell values and names. */
export function errorOfSqlstate(sqlstate: string): ServiceError {
  const { code, text } = bySqlstate[sqlstate] ?? byClass[sqlstate.slice(0, 2)] ?? unknown
  // The number would tell "forbidden" from "missing".
  return new ServiceError(code, text === notHere.text ? text : `${text} (SQLSTATE ${sqlstate})`)
}
