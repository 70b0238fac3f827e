import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely'
import type { SQLInputValue } from 'node:sqlite'
import { objectsOf } from './sqlite-rows.ts'
import type { SqliteThread } from './sqlite-thread.ts'

/** The threads of one file. */
export interface EmbeddedThreads {
  readonly writer: SqliteThread
  /** May be the writer; where it is not, reading waits for no writing. */
  readonly reader: SqliteThread
}

/** SQLite for Kysely, in threads: statements outside of a transaction are written in groups. */
export function createEmbeddedDialect(threads: EmbeddedThreads): Dialect {
  return {
    createDriver: () => new EmbeddedDriver(threads),
    createAdapter: () => new EmbeddedAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

class EmbeddedAdapter extends SqliteAdapter {
  /** Statements wait for one another in the thread, where they are written in groups. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  /** A transaction that begins as a writer is the lock of migrations, too. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class EmbeddedDriver implements Driver {
  readonly #threads: EmbeddedThreads

  constructor(threads: EmbeddedThreads) {
    this.#threads = threads
  }

  /** The writer makes a file that is not there, which the reader may not. */
  async init(): Promise<void> {
    await this.#threads.writer.single({ sql: 'select 1', parameters: [] })
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new EmbeddedConnection(this.#threads)
  }

  /** One that may write holds the file from its beginning: it can fail there, and not at its end. */
  async beginTransaction(connection: DatabaseConnection, { accessMode }: TransactionSettings): Promise<void> {
    await (connection as EmbeddedConnection).begin(accessMode === 'read only' ? 'begin' : 'begin immediate')
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as EmbeddedConnection).end('commit')
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as EmbeddedConnection).end('rollback')
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    ;(connection as EmbeddedConnection).release()
  }

  async destroy(): Promise<void> {
    const { writer, reader } = this.#threads
    if (reader !== writer) await reader[Symbol.asyncDispose]()
    await writer[Symbol.asyncDispose]()
  }
}

class EmbeddedConnection implements DatabaseConnection {
  readonly #threads: EmbeddedThreads
  #endTurn: (() => void) | null = null

  constructor(threads: EmbeddedThreads) {
    this.#threads = threads
  }

  async executeQuery<Row>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<Row>> {
    const statement = { sql, parameters: parameters as readonly SQLInputValue[] }
    const { writer, reader } = this.#threads
    const given = await (this.#endTurn !== null
      ? writer.single(statement)
      : SelectQueryNode.is(query)
        ? reader.single(statement)
        : writer.write(statement))
    return { rows: objectsOf(given) as readonly unknown[] as Row[], numAffectedRows: BigInt(given.changes) }
  }

  // oxlint-disable-next-line require-yield -- the interface wants a generator
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('rows of a storage are read page by page')
  }

  async begin(sql: string): Promise<void> {
    this.#endTurn = await this.#threads.writer.takeTurn()
    await this.executeQuery(CompiledQuery.raw(sql))
  }

  async end(sql: string): Promise<void> {
    await this.executeQuery(CompiledQuery.raw(sql))
    this.release()
  }

  release(): void {
    this.#endTurn?.()
    this.#endTurn = null
  }
}
