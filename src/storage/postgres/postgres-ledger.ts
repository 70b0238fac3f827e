import type { PoolClient } from 'pg'
import { ledgerInUse, type LedgerDatabase, type LedgerStatement } from '../../core/answer-ledger.ts'
import type { Secret } from '../../core/secret.ts'
import type { StorageHealth } from '../health.ts'
import { connected, connectionsTo } from './postgres-database.ts'

interface PostgresLedgerOptions {
  readonly url: Secret
  readonly timeoutMilliseconds: number
  readonly health: StorageHealth
}

/** Longest wait for other processes, in milliseconds. */
const patienceMilliseconds = 3_000
/** `lock_not_available` (postgresql.org/docs/current/errcodes-appendix.html). */
const lockNotAvailable = '55P03'

const tables = {
  ledgers: 'sallyport.answer_ledgers',
  answered: 'sallyport.answered_sets',
  covered: 'sallyport.covered_relations',
  life: 'sallyport.answer_ledger_life',
  held: 'sallyport.answer_ledger_holds',
}

/**
 * Ledgers in tables of a server, for all processes of a service, over a connection of their own. The one row of `life` is
 * locked from the beginning of each transaction to its end.
 */
export function openPostgresLedger(options: PostgresLedgerOptions): LedgerDatabase {
  const { health, timeoutMilliseconds } = options
  const pool = connectionsTo({ ...options, connections: 1 })
  const patience = Math.min(patienceMilliseconds, timeoutMilliseconds)
  let last: Promise<unknown> = Promise.resolve()

  async function transact<T>(client: PoolClient, work: (run: LedgerStatement) => Promise<T>): Promise<T> {
    await client.query('begin')
    await client.query(`set local lock_timeout = ${patience}`)
    try {
      await client.query(`select one from ${tables.life} for update`)
    } catch (thrown) {
      throw (thrown as { readonly code?: unknown }).code === lockNotAvailable ? ledgerInUse(thrown) : thrown
    }
    const result = await work(async (text, ...values) => {
      const { rows } = await client.query<Record<string, unknown>>(numbered(text), [...values])
      return rows
    })
    await client.query('commit')
    return result
  }

  return {
    tables,
    exclusively(work) {
      // The wait for one's own process is no wait for the server.
      const turn = last.then(() => health.writes(() => connected(pool, (client) => transact(client, work))))
      last = turn.catch(() => {})
      return turn
    },
    async [Symbol.asyncDispose]() {
      await last
      await pool.end()
    },
  }
}

/** A statement with `$1`, `$2`, … for each `?`. */
function numbered(text: string): string {
  let number = 0
  return text.replaceAll('?', () => `$${(number += 1)}`)
}
