import { protocol, type PGlite } from '@electric-sql/pglite'
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

type BackendMessages = Awaited<ReturnType<PGlite['execProtocol']>>['messages']
type BackendMessage = BackendMessages[number]
interface RowDescription extends BackendMessage {
  readonly fields: readonly {
    readonly name: string
    readonly tableID: number
    readonly columnID: number
    readonly dataTypeID: number
    readonly dataTypeModifier: number
  }[]
}
interface DataRow extends BackendMessage {
  readonly fields: readonly (string | null)[]
}

const { serialize } = protocol
const chunkRows = 2000

/** A `Session` over an embedded PGlite, by the extended protocol. Runs in the process that may be killed. */
export function createPgliteSession(database: PGlite): Session {
  return {
    run: (statement, parameters = []) => read(database, { statement, parameters, caps: null }),
    read: (statement, caps) => read(database, { statement, parameters: [], caps }),
  }
}

/** Lets the database parse and analyze a statement, and neither plan nor run it. */
export async function describePglite(database: PGlite, statement: string): Promise<Description> {
  const notices: Description['notices'][number][] = []
  const requests = [serialize.parse({ text: statement }), serialize.describe({ type: 'S' }), serialize.sync()]
  const messages = await exchange(database, requests, (notice) => notices.push(notice))
  const description = messages.find((message) => message.name === 'parameterDescription')
  const parameters = (description as { parameterCount?: number } | undefined)?.parameterCount ?? 0
  return { fields: fieldsOf(messages), parameters, notices }
}

interface Reading {
  readonly statement: string
  readonly parameters: readonly (string | null)[]
  readonly caps: ReadCaps | null
}

async function read(database: PGlite, { statement, parameters, caps }: Reading): Promise<RawResult> {
  const atOnce = caps === null ? 0 : rowsAtOnce(chunkRows, caps)
  const limit = caps === null ? 0 : Math.min(caps.rows, atOnce)
  const start = [
    serialize.parse({ text: statement }),
    serialize.bind({ values: [...parameters] }),
    serialize.describe({ type: 'P' }),
  ]
  let messages = await exchange(database, [...start, serialize.execute({ rows: limit }), serialize.sync()])
  const fields = fieldsOf(messages)
  const rows: (readonly (string | null)[])[] = []
  let bytes = 0
  for (;;) {
    for (const message of messages) {
      if (message.name !== 'dataRow') continue
      const row = (message as DataRow).fields
      rows.push(row)
      bytes += textBytes(row, caps ?? {})
    }
    const more = messages.some((message) => message.name === 'portalSuspended')
    if (!more || caps === null || rows.length >= caps.rows || bytes > caps.bytes) return { fields, rows }
    messages = await exchange(database, [
      serialize.execute({ rows: Math.min(atOnce, caps.rows - rows.length) }),
      serialize.sync(),
    ])
  }
}

/** Sends protocol messages and answers what comes back; an error of the server is thrown as a `StatementError`. */
async function exchange(
  database: PGlite,
  requests: readonly Uint8Array[],
  onNotice: (notice: Description['notices'][number]) => void = () => {},
): Promise<BackendMessages> {
  try {
    const { messages } = await database.execProtocol(Buffer.concat(requests), { syncToFs: false, onNotice })
    return messages
  } catch (error) {
    const { code, position } = error as { code?: unknown; position?: unknown }
    if (typeof code !== 'string') throw error
    throw new StatementError(code, typeof position === 'string' ? Number(position) : null)
  }
}

/** The columns a RowDescription among the messages names. */
function fieldsOf(messages: BackendMessages): RawField[] {
  const description = messages.find((message) => message.name === 'rowDescription') as RowDescription | undefined
  return (description?.fields ?? []).map((field) => ({
    name: field.name,
    typeOid: field.dataTypeID,
    typeModifier: field.dataTypeModifier,
    tableOid: field.tableID,
    columnNumber: field.columnID,
  }))
}
