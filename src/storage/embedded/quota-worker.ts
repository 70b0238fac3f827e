import { parentPort, workerData } from 'node:worker_threads'
import { accountEnd, QuotaBook, type AccountState, type LeaseState } from '../quotas/quota-book.ts'
import type { QuotaMessage, QuotaReply, QuotaWork } from './quota-orders.ts'
import { failureOf, SqliteFile } from './sqlite-file.ts'
import type { SqliteThreadData, Statement } from './sqlite-orders.ts'

/** The program of the thread that has the file of the quotas open. */
let file: SqliteFile | null = null

type Run = (sql: string, ...parameters: Statement['parameters']) => readonly Readonly<Record<string, unknown>>[]

const tables = [
  'CREATE TABLE IF NOT EXISTS quota_accounts (id TEXT PRIMARY KEY, ends INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS quota_leases (id TEXT PRIMARY KEY, expires INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS quota_leases_expires ON quota_leases (expires)',
  'CREATE INDEX IF NOT EXISTS quota_accounts_ends ON quota_accounts (ends)',
]

/** Leases that are settled in one transaction, at most. */
const mostRecovered = 1_000

function open(): SqliteFile {
  const opened = new SqliteFile(workerData as SqliteThreadData)
  opened.transaction((run) => tables.forEach((sql) => run(sql)))
  return opened
}

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

function carryOut(
  run: Run,
  work: QuotaWork,
  now: number,
): Pick<QuotaReply & { kind: 'done' }, 'answers' | 'recovered'> {
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

function reply({ number, now, work }: QuotaMessage): QuotaReply {
  try {
    file ??= open()
    return { number, kind: 'done', ...file.transaction((run) => carryOut(run, work, now)) }
  } catch (thrown) {
    return { number, kind: 'failed', failure: failureOf(thrown) }
  }
}

parentPort?.on('message', (message: QuotaMessage) => {
  if (message.work.kind === 'close') {
    file?.close()
    file = null
    parentPort?.close()
    return
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(reply(message))
})
