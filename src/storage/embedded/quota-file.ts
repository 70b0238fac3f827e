import type { QuotaReplies } from '../quotas/order-groups.ts'
import { accountEnd, QuotaBook, type AccountState, type LeaseState } from '../quotas/quota-book.ts'
import type { QuotaWork } from './quota-orders.ts'
import { SqliteFile } from './sqlite-file.ts'
import type { SqliteThreadData, Statement } from './sqlite-orders.ts'

export interface QuotaOutcome {
  readonly answers: QuotaReplies
  readonly recovered: number
}

/** The file of the quotas, for the thread that has it open. Every order is one transaction; all of it waits for the disk. */
export class QuotaFile {
  readonly #file: SqliteFile

  /** Makes what is not there. Throws what SQLite does. */
  constructor(data: SqliteThreadData) {
    this.#file = new SqliteFile(data)
    this.#file.transaction((run) => tables.forEach((sql) => run(sql)))
  }

  /** `now`: milliseconds since 1970. Throws what SQLite does, and then nothing is written. */
  carryOut(work: QuotaWork, now: number): QuotaOutcome {
    return this.#file.transaction((run) => carryOut(run, work, now))
  }

  checkpoint(): void {
    this.#file.checkpoint(mostLogPages)
  }

  close(): void {
    this.#file.close()
  }
}

type Run = (sql: string, ...parameters: Statement['parameters']) => readonly Readonly<Record<string, unknown>>[]

const tables = [
  'CREATE TABLE IF NOT EXISTS quota_accounts (id TEXT PRIMARY KEY, ends INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS quota_leases (id TEXT PRIMARY KEY, expires INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS quota_leases_expires ON quota_leases (expires)',
  'CREATE INDEX IF NOT EXISTS quota_accounts_ends ON quota_accounts (ends)',
]

/** Of 4 KiB, after which the log is begun anew. */
const mostLogPages = 4_000

/** Leases that are settled in one transaction, at most. */
const mostRecovered = 1_000

function read(run: Run, table: 'quota_accounts' | 'quota_leases', id: string): unknown {
  const [row] = run(`SELECT state FROM ${table} WHERE id = ?`, id)
  return row === undefined ? undefined : JSON.parse(String(row['state']))
}

function write(run: Run, { accounts, leases }: QuotaBook): void {
  for (const [id, state] of accounts) {
    const sql = 'INSERT INTO quota_accounts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET ends = ?2, state = ?3'
    run(sql, id, accountEnd(state), JSON.stringify(state))
  }
  for (const [id, state] of leases) {
    const sql = 'INSERT INTO quota_leases VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET expires = ?2, state = ?3'
    if (state === null) run('DELETE FROM quota_leases WHERE id = ?', id)
    else run(sql, id, state.expires, JSON.stringify(state))
  }
}

function carryOut(run: Run, work: QuotaWork, now: number): QuotaOutcome {
  const book = new QuotaBook(
    {
      account: (id) => read(run, 'quota_accounts', id) as AccountState | undefined,
      lease: (id) => read(run, 'quota_leases', id) as LeaseState | undefined,
    },
    now,
  )
  const answers = work.kind === 'orders' ? work.orders.map((order) => book.run(order)) : []
  let recovered = 0
  if (work.kind === 'recover') {
    const expired = run('SELECT id FROM quota_leases WHERE expires <= ? LIMIT ?', now, mostRecovered)
    recovered = expired.filter(({ id }) => book.recover(String(id))).length
    run(
      'DELETE FROM quota_accounts WHERE id IN (SELECT id FROM quota_accounts WHERE ends <= ? LIMIT ?)',
      now,
      mostRecovered,
    )
  }
  write(run, book)
  return { answers, recovered }
}
