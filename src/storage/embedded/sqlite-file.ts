import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Outcome, Rows, SqliteFailure, SqliteThreadData, Statement } from './sqlite-orders.ts'
import { objectsOf, type Row } from './sqlite-rows.ts'

/** "SLLY": tells a file of ours from one of another program. */
export const applicationId = 0x53_4c_4c_59
const keptStatements = 200

/** SQLITE_NOTADB and SQLITE_IOERR, for what SQLite itself would not notice. */
const notOurs = 26
const ioError = 10

class FileFailure extends Error {
  readonly errcode: number
  constructor(errcode: number, message: string) {
    super(message)
    this.errcode = errcode
  }
}

const begin: Statement = { sql: 'BEGIN IMMEDIATE', parameters: [] }
const commit: Statement = { sql: 'COMMIT', parameters: [] }

interface Prepared {
  readonly statement: StatementSync
  /** None where it gives no rows. */
  readonly columns: readonly string[]
}

/** The file of an embedded storage, for the one thread that has it open. Everything here waits for the disk. */
export class SqliteFile {
  readonly #path: string
  readonly #database: DatabaseSync
  readonly #identity: string
  readonly #statements = new Map<string, Prepared>()

  /** Makes the file, readable by its owner only, where there is none and it may be written. Throws what SQLite does. */
  constructor({ path, readOnly, patienceMilliseconds, outlives, leavesCheckpoints }: SqliteThreadData) {
    if (!readOnly) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      // Opening a pipe could wait for ever.
      const facts = statSync(path, { throwIfNoEntry: false })
      if (facts?.isFile() === false) throw new FileFailure(notOurs, 'it is not a regular file')
      closeSync(openSync(path, 'a', 0o600))
    }
    this.#path = path
    this.#identity = identityOf(path)
    this.#database = new DatabaseSync(path, { timeout: patienceMilliseconds, readOnly })
    try {
      this.#prepare({ readOnly, outlives })
      if (leavesCheckpoints === true) this.#database.exec('PRAGMA wal_autocheckpoint = 0')
    } catch (thrown) {
      this.#database.close()
      throw thrown
    }
  }

  #prepare({ readOnly, outlives }: Pick<SqliteThreadData, 'readOnly' | 'outlives'>): void {
    // In this order: whoever makes the file at the same moment marks it before it has tables.
    const isEmpty = this.#database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
    const found = Number(this.#database.prepare('PRAGMA application_id').get()?.['application_id'])
    if (!isEmpty && found !== applicationId) throw new FileFailure(notOurs, 'it is a database of another program')
    this.#database.exec('PRAGMA trusted_schema = OFF')
    if (readOnly) return
    // Readers go on beside a writer. FULL: what was committed is on the disk, also when the machine loses its power.
    const synchronous = outlives === 'power-loss' ? 'FULL' : 'NORMAL'
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864')
    this.#database.exec(`PRAGMA synchronous = ${synchronous}`)
    // What is deleted is overwritten: a key that is gone must not be found in a page that nobody uses.
    this.#database.exec('PRAGMA secure_delete = ON')
    if (isEmpty) this.#database.exec(`PRAGMA application_id = ${applicationId}`)
  }

  /** One transaction for all; each statement has an outcome of its own unless the transaction as a whole fails. */
  group(statements: readonly Statement[]): readonly Outcome[] {
    try {
      this.#checkIdentity()
      this.#leaveTransaction()
      this.#database.exec('BEGIN IMMEDIATE')
      const outcomes = statements.map((statement) => this.#outcomeOf(statement))
      // A full disk ends the transaction by itself: then none of it was written.
      if (!this.#database.isTransaction) throw failureIn(outcomes)
      this.#database.exec('COMMIT')
      return outcomes
    } catch (thrown) {
      this.#leaveTransaction()
      return statements.map(() => ({ kind: 'failed', failure: failureOf(thrown) }))
    }
  }

  /** Runs within one transaction, of which all is written or nothing. */
  transaction<T>(work: (run: (sql: string, ...parameters: Statement['parameters']) => readonly Row[]) => T): T {
    this.#checkIdentity()
    this.#leaveTransaction()
    this.#run(begin)
    try {
      const result = work((sql, ...parameters) => objectsOf(this.#run({ sql, parameters })))
      this.#run(commit)
      return result
    } catch (thrown) {
      this.#leaveTransaction()
      throw thrown
    }
  }

  single(statement: Statement): Outcome {
    if (/^begin\b/i.test(statement.sql)) this.#leaveTransaction()
    // A full disk ended the transaction by itself: the fault to tell is that one, and not that nothing is left to undo.
    const isUndone = /^rollback\b/i.test(statement.sql) && !this.#database.isTransaction
    if (isUndone) return { kind: 'done', rows: { columns: [], rows: [], changes: 0 } }
    return this.#outcomeOf(statement)
  }

  #outcomeOf(statement: Statement): Outcome {
    try {
      return { kind: 'done', rows: this.#run(statement) }
    } catch (thrown) {
      return { kind: 'failed', failure: failureOf(thrown) }
    }
  }

  #run({ sql, parameters }: Statement): Rows {
    const { statement, columns } = this.#prepared(sql)
    if (columns.length > 0) {
      const rows = statement.all(...parameters) as unknown as Rows['rows']
      return { columns, rows, changes: rows.length }
    }
    return { columns, rows: [], changes: Number(statement.run(...parameters).changes) }
  }

  #prepared(sql: string): Prepared {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    if (this.#statements.size >= keptStatements) this.#statements.clear()
    const statement = this.#database.prepare(sql)
    statement.setReturnArrays(true)
    const prepared = { statement, columns: statement.columns().map(({ name }) => name) }
    this.#statements.set(sql, prepared)
    return prepared
  }

  /** A transaction whose owner gave up waiting is nobody's. */
  #leaveTransaction(): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
  }

  /** What is written into a file that was removed is kept by nobody. */
  #checkIdentity(): void {
    if (identityOf(this.#path) !== this.#identity) {
      throw new FileFailure(ioError, 'it was removed or replaced while it was in use')
    }
  }

  /**
   * Carries over what was written to where it stays. Waits for nobody: what is being read is carried over later. Of a log of more than
   * `mostPages` it keeps writers waiting for the rest, so that the next one begins the log anew: where somebody always writes, it would
   * have no end otherwise.
   */
  checkpoint(mostPages: number): void {
    const pages = Number(this.#database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.['log'])
    if (pages > mostPages) this.#database.exec('PRAGMA wal_checkpoint(RESTART)')
  }

  close(): void {
    this.#database.close()
  }
}

function failureIn(outcomes: readonly Outcome[]): unknown {
  const failed = outcomes.find((outcome) => outcome.kind === 'failed')
  return new FileFailure(failed?.failure.code ?? ioError, failed?.failure.message ?? 'the transaction was ended')
}

export function failureOf(thrown: unknown): SqliteFailure {
  const { errcode, message } = thrown as { readonly errcode?: unknown; readonly message?: unknown }
  return { message: String(message), code: typeof errcode === 'number' ? errcode : null }
}

/** Tells a file from another one of the same name; empty where there is none. */
function identityOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? '' : `${stats.dev}.${stats.ino}`
}
