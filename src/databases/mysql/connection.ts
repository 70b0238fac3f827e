import { createConnection, type Connection, type ConnectionOptions, type FieldPacket } from 'mysql2'
import { ServiceError } from '../../core/errors.ts'
import { hiddenValueBytes } from '../../core/hidden-values.ts'
import type { ServerConnection } from '../connections/connection-pool.ts'
import type { ReadCaps } from '../session.ts'
import { errorOfErrno, MysqlError } from './errors.ts'

/** A column of a result as the server describes it. */
export type MysqlField = FieldPacket & {
  readonly schema?: string
  readonly decimals: number
  readonly characterSet?: number
  readonly columnLength?: number
  readonly columnType?: number
  /** MariaDB keeps json as text and says so here. */
  readonly extendedFormat?: string
}

/** What the driver reads of a value: text, a number, bytes, or null. */
export type MysqlValue = string | number | Buffer | null

export interface MysqlResult {
  readonly fields: readonly MysqlField[]
  readonly rows: readonly (readonly MysqlValue[])[]
  /** Set where reading ended within a row that is larger than all may be; it is not among the rows. */
  readonly isCut?: true
}

/** What `mysql2` keeps of a connection without saying so in its types. */
type OpenConnection = Connection & { readonly stream: NodeJS.EventEmitter & { destroy(): void } }

/** Numbers the driver would round and dates it would move come as text; nothing is compiled from what a server says. */
const rawValues = {
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
  jsonStrings: true,
  rowsAsArray: true,
  disableEval: true,
} as const

const goodbyeMilliseconds = 1000
/** ER_NO_SUCH_THREAD: the server has let go of a connection. */
const noSuchThread = 1094

/**
 * One connection to a MySQL or MariaDB server, without a default database. Statements of users are prepared (the server
 * takes one statement only); the adapter's own constants go as text, and several at once are switched off. Every fault is a
 * `MysqlError` or a `ServiceError`; the server's own text stays behind.
 */
export class MysqlConnection implements ServerConnection {
  readonly #connection: OpenConnection
  readonly #options: ConnectionOptions
  readonly #name: string
  #lost = false
  #cancelled = false
  #received = 0

  private constructor(connection: OpenConnection, options: ConnectionOptions, name: string) {
    this.#connection = connection
    this.#options = options
    this.#name = name
    const lose = (): void => {
      this.#lost = true
    }
    connection.on('error', lose).on('end', lose)
    connection.stream.on('data', (chunk: Buffer) => (this.#received += chunk.length))
  }

  /** `name` is shown in errors. */
  static async open(options: ConnectionOptions, name: string): Promise<MysqlConnection> {
    const settings: ConnectionOptions = {
      ...options,
      ...rawValues,
      charset: 'utf8mb4_general_ci',
      multipleStatements: false,
      maxPreparedStatements: 1,
      // A server may ask a client for its files; this one says that it has none.
      flags: ['-LOCAL_FILES', '-FOUND_ROWS'],
    }
    const connection = createConnection(settings) as OpenConnection
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    connection.once('error', reject)
    connection.connect((error) => (error === null ? resolve() : reject(error)))
    try {
      await promise
    } catch (error) {
      connection.on('error', () => {})
      connection.destroy()
      throw asFault(error, name, 'connect')
    }
    return new MysqlConnection(connection, settings, name)
  }

  get reusable(): boolean {
    return !this.#lost && !this.#cancelled
  }

  /** A constant of the adapter, or a text made of checked parts. */
  run(sql: string): Promise<MysqlResult> {
    const { promise, resolve, reject } = Promise.withResolvers<MysqlResult>()
    this.#connection.query({ sql, rowsAsArray: true }, (error, rows: unknown, fields: unknown) => {
      if (error) reject(asFault(error, this.#name, 'use'))
      // What gives no rows answers with counts instead.
      else if (Array.isArray(rows)) resolve({ rows: rows as MysqlValue[][], fields: fields as MysqlField[] })
      else resolve({ rows: [], fields: [] })
    })
    return promise
  }

  /** A statement of a user, prepared. Reading stops at the caps: the connection is cut, since there is no other way. */
  read(sql: string, caps: ReadCaps): Promise<MysqlResult> {
    const { promise, resolve, reject } = Promise.withResolvers<MysqlResult>()
    const rows: MysqlValue[][] = []
    let fields: readonly MysqlField[] = []
    let bytes = 0
    // Hidden values are bounded each: whether the guard cuts is decided by the rest, and felt no more than a full answer.
    const { hidden = [] } = caps
    const hiddenBytes = caps.rows * hidden.length * (hiddenValueBytes + 9)
    const guard = this.#guardBytes(caps.bytes * 2 + 16_777_216 + hiddenBytes, () => {
      if (hidden.length > 0) resolve({ fields, rows, isCut: true })
      else reject(new ServiceError('query-failed', 'A row is larger than all rows together may be.'))
    })
    let full = false
    const command = this.#connection.execute({ sql, rowsAsArray: true })
    command.on('fields', (found: readonly MysqlField[]) => (fields = found ?? []))
    command.on('result', (row: unknown) => {
      // Rows that were on their way when the cap was reached still arrive.
      if (full || !Array.isArray(row)) return
      rows.push(row as MysqlValue[])
      bytes += rowBytes(row as MysqlValue[], hidden)
      if (rows.length < caps.rows && bytes <= caps.bytes) return
      full = true
      resolve({ fields, rows })
      void this.cancel()
      this.cut()
    })
    command.on('error', (error: unknown) => reject(asFault(error, this.#name, 'use')))
    command.on('end', () => resolve({ fields, rows }))
    return promise.finally(() => guard[Symbol.dispose]())
  }

  async cancel(): Promise<boolean> {
    this.#cancelled = true
    const { threadId } = this.#connection
    try {
      await using other = await MysqlConnection.open(
        { ...this.#options, connectTimeout: goodbyeMilliseconds },
        this.#name,
      )
      await other.run(`KILL QUERY ${threadId}`)
      return false
    } catch (thrown) {
      // A cancel that does not arrive needs no report: the connection is cut a moment later.
      return thrown instanceof MysqlError && thrown.errno === noSuchThread
    }
  }

  cut(): void {
    this.#lost = true
    this.#connection.destroy()
  }

  async clean(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#connection.reset((error) => (error ? reject(error) : resolve()))
    await promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#lost) return
    const { promise, resolve } = Promise.withResolvers<void>()
    // A server that has fallen silent does not take part in saying goodbye.
    const silence = setTimeout(() => {
      this.cut()
      resolve()
    }, goodbyeMilliseconds)
    this.#connection.end(() => resolve())
    await promise
    clearTimeout(silence)
    this.#lost = true
  }

  /** Counts what comes in and cuts the connection beyond the cap: one value can be a gigabyte, and is read whole. */
  #guardBytes(maximum: number, onExceeded: () => void): Disposable {
    const { stream } = this.#connection
    const start = this.#received
    const onData = (): void => {
      if (this.#received - start <= maximum) return
      onExceeded()
      this.cut()
    }
    stream.on('data', onData)
    return { [Symbol.dispose]: () => stream.off('data', onData) }
  }
}

function rowBytes(row: readonly MysqlValue[], hidden: readonly number[]): number {
  const sizes = row.map((value) => (typeof value === 'number' || value === null ? 8 : value.length))
  return sizes.reduce((sum, size, position) => sum + (hidden.includes(position) ? 0 : size), 0)
}

function asFault(error: unknown, name: string, doing: 'connect' | 'use'): Error {
  if (error instanceof MysqlError || error instanceof ServiceError) return error
  const { errno, code, fatal, sqlMessage } = error as Readonly<
    Record<'errno' | 'code' | 'fatal' | 'sqlMessage', unknown>
  >
  // What the client and the network complain of has a number at times, and never words of the server.
  const isServers = typeof errno === 'number' && typeof sqlMessage === 'string'
  if (isServers && doing === 'use') return new MysqlError(errno)
  // A server that does not let the account in says nothing of tables, whatever its number means elsewhere.
  const refusal = isServers ? errorOfErrno(errno) : null
  if (refusal?.code === 'database-unavailable') return refusal
  const reason = typeof code === 'string' && fatal !== false ? ` (${code})` : ''
  const what = doing === 'connect' ? 'cannot be reached' : 'was lost in the middle of a statement'
  return new ServiceError('database-unavailable', `The database "${name}" ${what}${reason}.`, { cause: error })
}
