import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Member } from './answer-space.ts'

/** What identifies a ledger. */
export interface LedgerName {
  readonly source: string
  readonly group: string
  readonly relation: string
}

/** A ledger as it stands in the file. Sets are numbered from 1 in the order they were answered. */
export interface StoredLedger {
  readonly id: number
  readonly prime: number
  /** Changes when sets were forgotten: what was read before is not a beginning of what there is now. */
  readonly generation: number
}

/** Longest wait for another process that writes, in milliseconds. */
const busyMilliseconds = 2_000

const schema = `
  CREATE TABLE IF NOT EXISTS ledger (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, prime INTEGER NOT NULL, generation INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS answered (
    ledger INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, members BLOB NOT NULL,
    PRIMARY KEY (ledger, sequence)) WITHOUT ROWID;`

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
    this.#file.exec('PRAGMA synchronous = FULL')
    this.#file.exec(schema)
  }

  /** Runs `work` alone; what it wrote stays unless it throws. */
  exclusively<T>(work: () => T): T {
    this.#file.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#file.exec('COMMIT')
      return result
    } catch (thrown) {
      this.#file.exec('ROLLBACK')
      throw thrown
    }
  }

  ledger(name: LedgerName, prime: number): StoredLedger {
    const key = JSON.stringify([name.source, name.group, name.relation])
    this.#file.prepare('INSERT OR IGNORE INTO ledger (name, prime) VALUES (?, ?)').run(key, prime)
    const row = this.#file.prepare('SELECT id, prime, generation FROM ledger WHERE name = ?').get(key)
    return { id: Number(row?.['id']), prime: Number(row?.['prime']), generation: Number(row?.['generation']) }
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
