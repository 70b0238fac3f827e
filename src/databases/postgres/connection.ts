import { connect } from 'node:net'
import { Client, type ClientConfig, DatabaseError, type FieldDef, type QueryArrayResult } from 'pg'
import Cursor from 'pg-cursor'
import { ServiceError } from '../../core/errors.ts'
import type { ServerConnection } from '../connections/connection-pool.ts'
import { errorOfSqlstate } from '../sqlstate.ts'
import {
  type Description,
  StatementError,
  type RawField,
  type RawResult,
  type ReadCaps,
  rowsAtOnce,
  type Session,
  textBytes,
} from '../session.ts'
import { DescribeQuery } from './describe-query.ts'

/** Values stay in PostgreSQL's text format; `values.ts` reads them. */
const rawTypes = { getTypeParser: () => (text: unknown) => text } as unknown as NonNullable<ClientConfig['types']>

/** Rows of the first portion; later portions follow from the size of the rows seen. */
const firstRows = 50
const maximumRowsAtOnce = 5000
const goodbyeMilliseconds = 1000

interface Notice {
  readonly message?: string | undefined
  readonly detail?: string | undefined
}

interface ServerKey {
  readonly processID: number
  readonly secretKey: number
}

/** What `pg` keeps of a connection without saying so in its types. */
type OpenClient = Client & {
  readonly connection: NodeJS.EventEmitter & { readonly stream: NodeJS.EventEmitter & { destroy(): void } }
} & ServerKey

/**
 * One connection to a PostgreSQL server. Extended protocol only (the simple one runs stacked statements). Every fault
 * is a `StatementError` or a `ServiceError`; the server's own text stays behind.
 */
export class PostgresConnection implements Session, ServerConnection {
  readonly #client: OpenClient
  readonly #name: string
  /** Resolves when the connection is lost: whoever waits for an answer of the server waits for this too. */
  readonly #gone: Promise<void>
  #lost = false
  #cancelled = false
  #received = 0

  private constructor(client: OpenClient, name: string) {
    this.#client = client
    this.#name = name
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gone = promise
    const lose = (): void => {
      this.#lost = true
      resolve()
    }
    client.on('error', lose).on('end', lose)
    client.connection.stream.on('data', (chunk: Buffer) => (this.#received += chunk.length))
  }

  /** `name` is shown in errors. */
  static async open(config: ClientConfig, name: string): Promise<PostgresConnection> {
    const client = new Client({ ...config, types: rawTypes, application_name: 'sallyport', keepAlive: true })
    try {
      await client.connect()
    } catch (error) {
      throw connectFault(error, name)
    }
    return new PostgresConnection(client as OpenClient, name)
  }

  /** False once the connection must not be used any more. */
  get reusable(): boolean {
    return !this.#lost && !this.#cancelled
  }

  async run(text: string, values: readonly (string | null)[] = []): Promise<RawResult> {
    try {
      const query = {
        text,
        values: [...values],
        rowMode: 'array' as const,
        queryMode: 'extended' as const,
        types: rawTypes,
      }
      return rawResult(await this.#client.query<(string | null)[]>(query))
    } catch (error) {
      throw this.#fault(error)
    }
  }

  /**
   * What is hidden takes no more than its share of each portion, so that whether the guard cuts the connection is decided
   * by the rest alone. The rows before the one that is too large are the answer then where something is hidden: with a
   * fault instead the guard's own bound would be felt.
   */
  async read(text: string, caps: ReadCaps): Promise<RawResult> {
    const cursor = this.#client.query(new Cursor<(string | null)[]>(text, [], { rowMode: 'array', types: rawTypes }))
    const rows: (readonly (string | null)[])[] = []
    cursor.on('row', (row: (string | null)[]) => rows.push(row))
    using guard = this.#guardBytes(caps.bytes * 2 + 2 * 16_777_216)
    try {
      const fields = await readPortions(cursor, { caps, rows, onPortion: () => guard.restart() })
      // After an error the portal is gone with its transaction; only what went well leaves one behind.
      await Promise.race([cursor.close(), this.#gone])
      return { fields, rows }
    } catch (error) {
      if (!guard.exceeded) throw this.#fault(error)
      if (caps.hidden !== undefined && caps.hidden.length > 0) return { fields: [], rows, isCut: true }
      throw new ServiceError('query-failed', 'A row is larger than all rows together may be.')
    }
  }

  /** Lets the server parse and analyze a statement: the protocol's Parse and Describe, never Bind or Execute. */
  async describe(text: string): Promise<Description> {
    const query = new DescribeQuery(text)
    const { connection } = this.#client
    const onParameters = (message: { parameterCount: number }): void => query.takeParameters(message.parameterCount)
    const onNotice = ({ message, detail }: Notice): void => query.takeNotice({ message, detail })
    connection.on('parameterDescription', onParameters)
    this.#client.on('notice', onNotice)
    try {
      this.#client.query(query)
      const { fields, ...rest } = await query.done
      return { ...rest, fields: fields.map(rawField) }
    } catch (error) {
      throw this.#fault(error)
    } finally {
      connection.off('parameterDescription', onParameters)
      this.#client.off('notice', onNotice)
    }
  }

  /**
   * Asks the server, over a second connection, to cancel what it does for this one. Resolves when the request was taken.
   * The connection is not used again: a cancel that comes late would hit the next statement. The server never answers one.
   */
  async cancel(): Promise<boolean> {
    this.#cancelled = true
    await sendCancel(this.#client)
    return false
  }

  async clean(): Promise<void> {
    await this.run('ROLLBACK')
    await this.run('DISCARD ALL')
  }

  /** Ends the connection from this side, whatever the server is doing. */
  cut(): void {
    this.#lost = true
    this.#client.connection.stream.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#lost) return
    // A server that has fallen silent does not take part in saying goodbye.
    const silence = setTimeout(() => this.cut(), goodbyeMilliseconds)
    await Promise.race([this.#client.end().catch(() => {}), this.#gone])
    clearTimeout(silence)
  }

  /** Counts what comes in and cuts the connection beyond the cap: one value can be a gigabyte, and is read whole. */
  #guardBytes(maximum: number): Disposable & { readonly exceeded: boolean; restart(): void } {
    const { stream } = this.#client.connection
    let start = this.#received
    let exceeded = false
    const onData = (): void => {
      if (this.#received - start <= maximum) return
      exceeded = true
      this.cut()
    }
    stream.on('data', onData)
    return {
      get exceeded() {
        return exceeded
      },
      restart: () => {
        start = this.#received
      },
      [Symbol.dispose]: () => stream.off('data', onData),
    }
  }

  #fault(error: unknown): Error {
    return asFault(error, this.#name, 'use')
  }
}

/** The rows arrive one by one in `rows`. */
async function readPortions(
  cursor: Cursor<(string | null)[]>,
  given: {
    readonly caps: ReadCaps
    readonly rows: readonly (readonly (string | null)[])[]
    readonly onPortion: () => void
  },
): Promise<readonly RawField[]> {
  const { caps, rows, onPortion } = given
  const atOnce = rowsAtOnce(maximumRowsAtOnce, caps)
  let bytes = 0
  let portion = Math.min(firstRows, atOnce, caps.rows)
  for (;;) {
    onPortion()
    const part = await readPortion(cursor, portion)
    bytes += part.rows.reduce((sum, row) => sum + textBytes(row, caps), 0)
    if (part.rows.length < portion || rows.length >= caps.rows || bytes > caps.bytes) return part.fields
    const fitting = Math.ceil((caps.bytes - bytes) / Math.max(1, bytes / rows.length)) + 1
    portion = Math.min(fitting, atOnce, caps.rows - rows.length)
  }
}

function readPortion(cursor: Cursor<(string | null)[]>, rows: number): Promise<RawResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RawResult>()
  cursor.read(rows, (error, part, result) => {
    if (error) reject(error)
    else resolve({ fields: result.fields.map(rawField), rows: part })
  })
  return promise
}

function rawResult(result: QueryArrayResult<(string | null)[]>): RawResult {
  return { fields: result.fields.map(rawField), rows: result.rows }
}

function rawField(field: FieldDef): RawField {
  const { name, dataTypeID, dataTypeModifier, tableID, columnID } = field
  return { name, typeOid: dataTypeID, typeModifier: dataTypeModifier, tableOid: tableID, columnNumber: columnID }
}

/** CancelRequest of the frontend protocol: length 16, code 80877102, process id and secret key of the other connection. */
function sendCancel(client: OpenClient): Promise<void> {
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80_877_102, 4)
  request.writeInt32BE(client.processID, 8)
  request.writeInt32BE(client.secretKey, 12)
  const { host, port } = client
  const address = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
  const { promise, resolve } = Promise.withResolvers<void>()
  const socket = connect(address, () => socket.end(request))
  // A cancel that does not arrive needs no report: the connection is cut a moment later.
  socket.setTimeout(goodbyeMilliseconds, () => socket.destroy())
  socket.once('error', () => resolve()).once('close', () => resolve())
  return promise
}

/** What to do when no connection can be made. None of these depends on the statement or its tables. */
const connectAdvice: Readonly<Record<string, readonly [text: string, advice: string]>> = {
  '3D000': ['does not exist on its server', 'Correct the name of the database in its url.'],
  '42501': [
    'does not let its role connect',
    'Let the owner of the database run GRANT CONNECT ON DATABASE … TO the role of the url; "sallyport doctor" tries it again.',
  ],
}

function connectFault(error: unknown, name: string): Error {
  const fault = asFault(error, name, 'connect')
  if (!(fault instanceof StatementError)) return fault
  const known = connectAdvice[fault.sqlstate]
  if (known === undefined && errorOfSqlstate(fault.sqlstate).code === 'database-unavailable') return fault
  const [text, advice] = known ?? ['refused the connection', 'Check its url and the log of the server.']
  const message = `The database "${name}" ${text} (SQLSTATE ${fault.sqlstate}).`
  return new ServiceError('database-unavailable', message, { advice })
}

function asFault(error: unknown, name: string, doing: 'connect' | 'use'): Error {
  if (error instanceof StatementError || error instanceof ServiceError) return error
  if (error instanceof DatabaseError && error.code !== undefined) {
    return new StatementError(error.code, error.position === undefined ? null : Number(error.position))
  }
  const code = (error as { code?: unknown }).code
  const reason = typeof code === 'string' ? ` (${code})` : ''
  const what = doing === 'connect' ? 'cannot be reached' : 'was lost in the middle of a statement'
  return new ServiceError('database-unavailable', `The database "${name}" ${what}${reason}.`, { cause: error })
}
