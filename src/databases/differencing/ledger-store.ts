import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Member } from './answer-space.ts'
import { faultOfFile, held, isBusy, lost } from './ledger-faults.ts'
import { advanceMark, readMark, unknownLedger, writeMark, type Mark } from './ledger-mark.ts'
import { pack, unpack } from './packed-members.ts'

/** What identifies a ledger. */
export interface LedgerName {
  readonly source: string
  readonly group: string
  readonly relation: string
  /** Relations that inherit from one another and share the ledger; the one alone where they are absent. */
  readonly relations?: readonly string[]
  /** What numbers the rows beside their keys: rows numbered otherwise are of another ledger. */
  readonly columns?: readonly string[]
  /** `rows`: sets of rows whether or not they have a value; absent for sets of those that have one. */
  readonly of?: 'rows'
}

/** A ledger as it stands in the file. Sets are numbered from 1 in the order they were answered. */
export interface StoredLedger {
  readonly id: number
  readonly prime: number
  /** Changes when sets were forgotten: what was read before is not a beginning of what there is now. */
  readonly generation: number
}

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

/**
 * The file of all ledgers: row and entity numbers of the groups that were answered, no value and no key in the clear. A
 * ledger is read and written in one transaction that holds the file, so that of two statements in any two processes one
 * sees the other. A mark beside it tells how far it had come, so that a file that was removed, replaced or put back from an
 * older copy is not taken for all that was answered.
 */
export class LedgerStore implements Disposable {
  readonly #path: string
  readonly #file: DatabaseSync
  readonly #identity: string

  private constructor(path: string, file: DatabaseSync) {
    this.#path = path
    this.#file = file
    this.#identity = identityOf(path) ?? ''
  }

  /**
   * `path` is made where neither it nor its mark is there, readable by its owner only. Throws `refused` where it is not the
   * file that was last answered from, and `database-unavailable` where it cannot be read or written.
   */
  static async open(path: string): Promise<LedgerStore> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const mark = await readMark(path)
    if (mark !== null && !existsSync(path)) {
      throw mark.restored === undefined ? lost(path, 'was removed') : held(path, mark.restored)
    }
    let store: LedgerStore | null = null
    try {
      // No wait of SQLite's own: it would stand in the way of everything else in this process.
      store = new LedgerStore(path, new DatabaseSync(path, { timeout: 0 }))
      chmodSync(path, 0o600)
      await store.#prepare()
      return store
    } catch (thrown) {
      store?.[Symbol.dispose]()
      throw faultOfFile(path, thrown)
    }
  }

  async #prepare(): Promise<void> {
    await whenFree(() => this.#file.exec('PRAGMA synchronous = FULL'))
    await whenFree(() => this.#file.exec('BEGIN EXCLUSIVE'))
    try {
      const version = Number(this.#file.prepare('PRAGMA user_version').get()?.['user_version'])
      const isNew = this.#file.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
      if (!isNew && version !== numbering) throw lost(this.#path, 'was written by another version of Sallyport')
      if (isNew) this.#file.exec(`${schema} PRAGMA user_version = ${numbering}`)
      this.#file.prepare('INSERT OR IGNORE INTO life (one, id, answers) VALUES (1, ?, 0)').run(randomUUID())
      this.#file.exec('COMMIT')
    } finally {
      this.#rollBack()
    }
  }

  /**
   * Runs `work` alone; what it wrote stays unless it throws, and is on the disk when this resolves. Throws `refused` where
   * the file is not the one that was last answered from, and `database-unavailable`, which is worth another try, where
   * other processes held it all the while.
   */
  async exclusively<T>(work: () => T): Promise<T> {
    try {
      const mark = await readMark(this.#path)
      // It holds the file from the beginning, so that its end has nobody to wait for and nothing else runs in between.
      await whenFree(() => this.#file.exec('BEGIN EXCLUSIVE'))
      const { result, next } = this.#transact(mark, work)
      if (mark?.id !== next.id || mark.answers < next.answers) await advanceMark(this.#path, next)
      return result
    } catch (thrown) {
      throw faultOfFile(this.#path, thrown)
    }
  }

  /** How far it has come. Throws `refused` and `database-unavailable` as `exclusively` does. */
  async state(): Promise<Mark> {
    const mark = await readMark(this.#path)
    return this.#alone(() => {
      this.#check(mark)
      return this.#life()
    })
  }

  /**
   * Refuses everything until it is accepted: the storage of the service was restored, and the ledger may be of another time.
   * The file says so itself, too, for the case that another process is about to write the mark.
   */
  async hold(time: string): Promise<void> {
    const life = await this.#alone(() => {
      this.#file.exec('CREATE TABLE IF NOT EXISTS held (since TEXT NOT NULL)')
      this.#file.prepare('INSERT INTO held (since) VALUES (?)').run(time)
      return this.#life()
    })
    const mark = await readMark(this.#path)
    await writeMark(this.#path, { ...(mark ?? life), restored: time })
  }

  /** Ends a hold. Throws `refused` where the file is not the one that was last answered from, or an older copy of it. */
  async accept(): Promise<Mark> {
    const mark = await readMark(this.#path)
    const life = await this.#alone(() => {
      this.#checkLife(mark?.id === unknownLedger ? null : mark)
      this.#file.exec('DROP TABLE IF EXISTS held')
      return this.#life()
    })
    await writeMark(this.#path, life)
    return life
  }

  async #alone<T>(work: () => T): Promise<T> {
    try {
      await whenFree(() => this.#file.exec('BEGIN EXCLUSIVE'))
      const result = work()
      this.#file.exec('COMMIT')
      return result
    } catch (thrown) {
      throw faultOfFile(this.#path, thrown)
    } finally {
      this.#rollBack()
    }
  }

  #transact<T>(mark: Mark | null, work: () => T): { readonly result: T; readonly next: Mark } {
    try {
      this.#check(mark)
      const result = work()
      const next = this.#life()
      this.#file.exec('COMMIT')
      return { result, next }
    } finally {
      this.#rollBack()
    }
  }

  #check(mark: Mark | null): void {
    if (identityOf(this.#path) !== this.#identity) throw lost(this.#path, 'was removed or replaced while it was in use')
    const isHeld = this.#file.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'held'").get() !== undefined
    const since = isHeld ? this.#file.prepare('SELECT since FROM held').get()?.['since'] : mark?.restored
    if (since !== undefined) throw held(this.#path, String(since))
    this.#checkLife(mark)
  }

  #checkLife(mark: Mark | null): void {
    const { id, answers } = this.#life()
    if (mark === null) return
    if (mark.id !== id) throw lost(this.#path, 'was replaced by another one')
    if (answers < mark.answers) throw lost(this.#path, 'was put back from an older copy')
  }

  #life(): Mark {
    const row = this.#file.prepare('SELECT id, answers FROM life').get()
    if (row === undefined) throw lost(this.#path, 'is damaged')
    return { id: String(row['id']), answers: Number(row['answers']) }
  }

  #rollBack(): void {
    if (this.#file.isTransaction) this.#file.exec('ROLLBACK')
  }

  /**
   * The ledger of relations that share rows. It covers each of them from then on: a table that is attached brings what was
   * answered about it, and one that is detached is still followed together with the others.
   */
  ledger(name: LedgerName, prime: number): StoredLedger {
    const { source, group, relation, relations = [relation], columns, of } = name
    const more = [columns, of].filter((part) => part !== undefined)
    const keys = relations.map((one) => JSON.stringify([source, group, one, ...more]))
    const covering = this.#file.prepare('SELECT ledger FROM covered WHERE name = ?')
    const known = new Map(keys.map((key) => [key, covering.get(key)?.['ledger']]))
    const ids = [...new Set([...known.values()].filter((id) => id !== undefined).map(Number))]
    const [id = this.#insert(keys[0] ?? '', prime), ...others] = ids.toSorted((left, right) => left - right)
    for (const other of others) this.#merge(other, id)
    const cover = this.#file.prepare('INSERT INTO covered (name, ledger) VALUES (?, ?)')
    for (const [key, ledger] of known) if (ledger === undefined) cover.run(key, id)
    const row = this.#file.prepare('SELECT prime, generation FROM ledger WHERE id = ?').get(id)
    return { id, prime: Number(row?.['prime']), generation: Number(row?.['generation']) }
  }

  #insert(name: string, prime: number): number {
    this.#file.prepare('INSERT OR IGNORE INTO ledger (name, prime) VALUES (?, ?)').run(name, prime)
    return Number(this.#file.prepare('SELECT id FROM ledger WHERE name = ?').get(name)?.['id'])
  }

  /** Puts what was answered in one ledger behind what was answered in another, whose rows turned out to be the same. */
  #merge(from: number, into: number): void {
    const last = this.#file.prepare('SELECT max(sequence) AS last FROM answered WHERE ledger = ?').get(into)
    const move = this.#file.prepare('UPDATE answered SET ledger = ?, sequence = sequence + ? WHERE ledger = ?')
    move.run(into, Number(last?.['last'] ?? 0), from)
    this.#file.prepare('UPDATE covered SET ledger = ? WHERE ledger = ?').run(into, from)
    this.#file.prepare('DELETE FROM ledger WHERE id = ?').run(from)
    this.#file.prepare('UPDATE ledger SET generation = generation + 1 WHERE id = ?').run(into)
  }

  /** Forgets what was answered before a time, in milliseconds since 1970; true where there was something. */
  forget(id: number, before: number): boolean {
    const { changes } = this.#file.prepare('DELETE FROM answered WHERE ledger = ? AND at < ?').run(id, before)
    if (Number(changes) === 0) return false
    this.#file.prepare('UPDATE ledger SET generation = generation + 1 WHERE id = ?').run(id)
    return true
  }

  /** Sets after a number, in order. */
  after(id: number, sequence: number): { readonly sequence: number; readonly members: Member[] }[] {
    const rows = this.#file
      .prepare('SELECT sequence, members FROM answered WHERE ledger = ? AND sequence > ? ORDER BY sequence')
      .all(id, sequence)
    return rows.map((row) => ({ sequence: Number(row['sequence']), members: this.#unpacked(row['members']) }))
  }

  append(id: number, set: { readonly at: number; readonly members: readonly Member[] }): number {
    const last = this.#file.prepare('SELECT max(sequence) AS last FROM answered WHERE ledger = ?').get(id)
    const sequence = Number(last?.['last'] ?? 0) + 1
    this.#file
      .prepare('INSERT INTO answered (ledger, sequence, at, members) VALUES (?, ?, ?, ?)')
      .run(id, sequence, set.at, pack(set.members))
    this.#file.exec('UPDATE life SET answers = answers + 1')
    return sequence
  }

  #unpacked(packed: unknown): Member[] {
    try {
      return unpack(packed as Uint8Array)
    } catch (thrown) {
      throw lost(this.#path, 'is damaged', thrown)
    }
  }

  [Symbol.dispose](): void {
    this.#file.close()
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
