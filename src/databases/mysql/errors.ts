import type { ErrorCode } from '../../core/error-table.ts'
import { ServiceError } from '../../core/errors.ts'

/** What a server says when a statement fails. Its message text is left behind: it can print the values of cells. */
export class MysqlError extends Error {
  readonly errno: number

  constructor(errno: number) {
    super(`the statement failed with error ${errno}`)
    this.name = 'MysqlError'
    this.errno = errno
  }
}

interface Sentence {
  readonly code: ErrorCode
  readonly text: string
}

const failed = (text: string): Sentence => ({ code: 'query-failed', text })
const unavailable = (text: string): Sentence => ({ code: 'database-unavailable', text })
const late: Sentence = { code: 'deadline-exceeded', text: 'The statement took longer than allowed and was ended.' }

/** What may not be read and what is not there read the same, so that asking tells nothing. */
const notHere = failed(
  'The statement names a table or column that is not available. describe_data lists those that are.',
)

const sentences: readonly (readonly [errnos: readonly number[], sentence: Sentence])[] = [
  [[1044, 1046, 1049, 1051, 1054, 1109, 1142, 1143, 1146, 1356, 1347, 1370, 1305], notHere],
  [[1040, 1203, 1226], unavailable('The database takes no more connections.')],
  [
    [1045, 1698, 1130, 1251, 1820, 1862, 3118, 4151],
    unavailable('The database did not accept the credentials of the data source.'),
  ],
  [[1053, 1077, 1079, 1080, 1927], unavailable('The database ended the connection.')],
  [[1037, 1038, 1041], failed('The statement needs more memory than the database has. Read less at once.')],
  [[1021, 1030, 1114], unavailable('The database has no space left for the statement.')],
  [[1052], failed('A column name is ambiguous. Write it with its table: table.column.')],
  [
    [1055, 1140, 1056, 1111],
    failed('A column is neither in GROUP BY nor inside an aggregate, or an aggregate stands where none may.'),
  ],
  [[1060], failed('A subquery in FROM has two columns of one name: give one an alias.')],
  [[1064, 1149, 1065], failed('The statement is not valid SQL.')],
  [[1241, 1222], failed('Rows with different numbers of columns are compared or put together.')],
  [[1242], failed('A subquery used as a value returned more than one row. Add LIMIT 1 or an aggregate.')],
  [[1264, 1690], failed('A number is out of range for its type.')],
  [[1292, 1366, 1411, 1525], failed('A text is not valid for the type it is converted to.')],
  [[1365], failed('The statement divides by zero. NULLIF(divisor, 0) avoids it.')],
  [[1213, 1205], failed('The statement was in the way of another one and was ended. Run it again.')],
  [[1104, 1135, 1436], failed('The statement is beyond a limit of the database.')],
  [[1153, 1301], failed('A value is larger than the database sends.')],
  [
    [1290, 1792, 1836, 1223, 1227, 1295],
    failed('The statement does what this data source is not for: it can only be read.'),
  ],
  [[1345], failed('The plan of a view is not shown: the role may not read what is behind it.')],
  [[1317, 1969, 3024, 1028], late],
]

const byErrno: ReadonlyMap<number, Sentence> = new Map(
  sentences.flatMap(([errnos, sentence]) => errnos.map((errno): [number, Sentence] => [errno, sentence])),
)

const unknown = failed('The database could not run the statement.')

/** The fixed sentence for an error number. The database's own text is never used: it can print cell values and names. */
export function errorOfErrno(errno: number): ServiceError {
  const sentence = byErrno.get(errno) ?? unknown
  // The number would tell "forbidden" from "missing".
  return new ServiceError(sentence.code, sentence === notHere ? sentence.text : `${sentence.text} (error ${errno})`)
}
