import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LedgerDatabase, LedgerPlace, LedgerStatement, LedgerValue } from '../../core/answer-ledger.ts'
import { adviceOfFile, faultOfFile, isBusy, lost } from './ledger-faults.ts'

/** Longest wait for other processes, in milliseconds. */
const patienceMilliseconds = 3_000
/** How rows are numbered: rows of a file that has them otherwise would be others than those of an audit. */
const numbering = 2

const schema = `
  CREATE TABLE IF NOT EXISTS ledger (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, prime INTEGER NOT NULL, generation INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS answered (
    ledger INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, members BLOB NOT NULL,
    PRIMARY KEY (ledger, sequence)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS covered (name TEXT PRIMARY KEY, ledger INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS life (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, answers INTEGER NOT NULL);`

/** A file of this machine as the place of ledgers. */
export function ledgerFile(path: string): LedgerPlace {
  return {
    kind: 'file',
    markedPath: path,
    advice: adviceOfFile(path),
    exists: async () => existsSync(path),
    open: () => LedgerFile.open(path),
  }
}

/** The file of all ledgers. Who is in a transaction holds it, so that of two statements in any two processes one sees the other. */
class LedgerFile implements LedgerDatabase {
  readonly tables = { ledgers: 'ledger', answered: 'answered', covered: 'covered', life: 'life', held: 'held' }
  readonly #path: string
  readonly #file: DatabaseSync
  readonly #identity: string
  /** The end of the transaction that was begun last: they share one connection. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(path: string, file: DatabaseSync) {
    this.#path = path
    this.#file = file
    this.#identity = identityOf(path) ?? ''
  }

  /** `path` is made where it is not there, readable by its owner only. Throws `refused` and `database-unavailable`. */
  static async open(path: string): Promise<LedgerFile> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    let file: DatabaseSync | null = null
    try {
      // No wait of SQLite's own: it would stand in the way of everything else in this process.
      file = new DatabaseSync(path, { timeout: 0 })
      chmodSync(path, 0o600)
      await whenFree(() => file?.exec('PRAGMA synchronous = FULL'))
      const opened = new LedgerFile(path, file)
      await opened.exclusively(() => opened.#prepare())
      return opened
    } catch (thrown) {
      file?.close()
      throw faultOfFile(path, thrown)
    }
  }

  async #prepare(): Promise<void> {
    const version = Number(this.#file.prepare('PRAGMA user_version').get()?.['user_version'])
    const isNew = this.#file.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
    if (!isNew && version !== numbering) {
      throw lost(adviceOfFile(this.#path), 'was written by another version of Sallyport')
    }
    if (isNew) this.#file.exec(`${schema} PRAGMA user_version = ${numbering}`)
    this.#file.exec('CREATE TABLE IF NOT EXISTS held (since TEXT NOT NULL)')
    this.#file.prepare('INSERT OR IGNORE INTO life (one, id, answers) VALUES (1, ?, 0)').run(randomUUID())
  }

  exclusively<T>(work: (run: LedgerStatement) => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#transact(work))
    this.#last = turn.catch(() => {})
    return turn
  }

  async #transact<T>(work: (run: LedgerStatement) => Promise<T>): Promise<T> {
    try {
      // It holds the file from the beginning, so that its end has nobody to wait for.
      await whenFree(() => this.#file.exec('BEGIN EXCLUSIVE'))
      if (identityOf(this.#path) !== this.#identity) {
        throw lost(adviceOfFile(this.#path), 'was removed or replaced while it was in use')
      }
      const result = await work(async (text, ...values) => this.#statement(text, values))
      this.#file.exec('COMMIT')
      return result
    } catch (thrown) {
      throw faultOfFile(this.#path, thrown)
    } finally {
      if (this.#file.isTransaction) this.#file.exec('ROLLBACK')
    }
  }

  #statement(text: string, values: readonly LedgerValue[]): readonly Readonly<Record<string, unknown>>[] {
    return this.#file.prepare(text).all(...values)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last
    if (this.#file.isOpen) this.#file.close()
  }
}

/** Does it again, a little later each time, while another process holds the file; other work goes on meanwhile. */
async function whenFree(work: () => void): Promise<void> {
  const end = performance.now() + patienceMilliseconds
  for (;;) {
    try {
      return work()
    } catch (thrown) {
      if (!isBusy(thrown) || performance.now() >= end) throw thrown
      await sleep(1 + Math.random() * 20)
    }
  }
}

/** Tells a file from another one of the same name; null where the file does not exist. */
function identityOf(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? null : `${stats.dev}.${stats.ino}`
}
