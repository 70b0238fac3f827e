import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { ServiceError } from '../../core/errors.ts'
import type { Member } from './answer-space.ts'

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

/** Longest wait of SQLite itself for another process that writes, in milliseconds. */
const busyMilliseconds = 500
/** Longest wait in all: SQLite does not wait where it takes two that wait for a deadlock. */
const patienceMilliseconds = 2_000
/** SQLITE_BUSY and SQLITE_LOCKED; the higher bits say more of the same. */
const busyCodes = new Set([5, 6])

const schema = `
  CREATE TABLE IF NOT EXISTS ledger (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, prime INTEGER NOT NULL, generation INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS answered (
    ledger INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, members BLOB NOT NULL,
    PRIMARY KEY (ledger, sequence)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS covered (name TEXT PRIMARY KEY, ledger INTEGER NOT NULL) WITHOUT ROWID;`

/**
 * The file of all ledgers: row and entity numbers of the groups that were answered, no value and no key in the clear. A
 * ledger is read and written in one transaction that holds the file, so that of two statements in any two processes one
 * sees the other.
 */
export class LedgerStore implements Disposable {
  readonly #file: DatabaseSync

  /** `path` is made where it is missing, readable by its owner only. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#file = new DatabaseSync(path, { timeout: busyMilliseconds })
    chmodSync(path, 0o600)
    try {
      whenFree(() => this.#file.exec('PRAGMA synchronous = FULL'))
      // Two processes that make the same table at once would each wait for the other.
      this.exclusively(() => this.#file.exec(schema))
    } catch (thrown) {
      this.#file.close()
      throw thrown
    }
  }

  /**
   * Runs `work` alone; what it wrote stays unless it throws. Throws `database-unavailable`, which is worth another try,
   * where other processes held the file all the while.
   */
  exclusively<T>(work: () => T): T {
    whenFree(() => this.#file.exec('BEGIN IMMEDIATE'))
    try {
      const result = work()
      whenFree(() => this.#file.exec('COMMIT'))
      return result
    } catch (thrown) {
      if (this.#file.isTransaction) this.#file.exec('ROLLBACK')
      throw thrown
    }
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
    return rows.map((row) => ({ sequence: Number(row['sequence']), members: unpack(row['members'] as Uint8Array) }))
  }

  append(id: number, set: { readonly at: number; readonly members: readonly Member[] }): number {
    const last = this.#file.prepare('SELECT max(sequence) AS last FROM answered WHERE ledger = ?').get(id)
    const sequence = Number(last?.['last'] ?? 0) + 1
    this.#file
      .prepare('INSERT INTO answered (ledger, sequence, at, members) VALUES (?, ?, ?, ?)')
      .run(id, sequence, set.at, pack(set.members))
    return sequence
  }

  [Symbol.dispose](): void {
    this.#file.close()
  }
}

/** Does it again, a little later each time, while another process holds the file. */
function whenFree(work: () => void): void {
  const end = performance.now() + patienceMilliseconds
  for (;;) {
    try {
      return work()
    } catch (thrown) {
      if (!isBusy(thrown)) throw thrown
      if (performance.now() >= end) throw heldByOthers(thrown)
      Atomics.wait(pause, 0, 0, 1 + Math.random() * 20)
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4))

function isBusy(thrown: unknown): boolean {
  const { errcode } = thrown as { readonly errcode?: unknown }
  return typeof errcode === 'number' && busyCodes.has(errcode & 0xff)
}

function heldByOthers(cause: unknown): ServiceError {
  const message = 'The ledger of answers is in use by other processes, and the statement was not answered.'
  return new ServiceError('database-unavailable', message, { cause, advice: 'Send it again shortly.' })
}

function pack(members: readonly Member[]): Uint8Array {
  const numbers = Float64Array.from(members.flatMap(({ row, entity }) => [row, entity]))
  return deflateRawSync(new Uint8Array(numbers.buffer))
}

function unpack(packed: Uint8Array): Member[] {
  const bytes = inflateRawSync(packed)
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  return Array.from({ length: numbers.length / 2 }, (_, index) => ({
    row: numbers[index * 2] ?? 0,
    entity: numbers[index * 2 + 1] ?? 0,
  }))
}
