import type { PoolClient } from 'pg'
import type { QuotaLedger } from '../../core/quotas.ts'
import type { Secret } from '../../core/secret.ts'
import type { StorageHealth } from '../health.ts'
import { OrderGroups, type QuotaReplies } from '../quotas/order-groups.ts'
import { accountsOf, leasesOf, QuotaBook, type LeaseState, type QuotaOrder } from '../quotas/quota-book.ts'
import { withRecovery } from '../quotas/with-recovery.ts'
import { connected, connectionsTo } from './postgres-database.ts'
import { openRows, writeRows } from './quota-rows.ts'

interface PostgresQuotaOptions {
  readonly url: Secret
  readonly timeoutMilliseconds: number
  readonly health: StorageHealth
  /** Milliseconds since 1970; null is the server's own clock, the same for all processes. */
  readonly now: (() => number) | null
}

/** Leases and accounts that are looked through in one transaction, at most. */
const mostRecovered = 500
/** One carries out what is asked, and one recovers what nobody renewed. */
const connections = 2

/**
 * Quotas in tables of a server, for all processes of a service, over connections of their own. What was answered is committed, and
 * as durable as the server makes its commits. Each process has one transaction at a time, with all that came meanwhile: requests
 * of one account wait for few of its commits.
 */
export function openPostgresQuotas(options: PostgresQuotaOptions): QuotaLedger & AsyncDisposable {
  const { health, now } = options
  const pool = connectionsTo({ ...options, connections, pipeline: true })

  /** Null where rows were removed meanwhile. */
  async function within<T>(
    client: PoolClient,
    { accounts, leases }: { readonly accounts: readonly string[]; readonly leases: readonly string[] },
    work: (book: QuotaBook) => T,
  ): Promise<T | null> {
    const opened = await openRows(client, accounts, leases)
    if (opened.accounts.size < accounts.length) {
      await client.query('rollback')
      return null
    }
    const pages = {
      account: (id: string) => opened.accounts.get(id) ?? undefined,
      lease: (id: string) => opened.leases.get(id),
    }
    const book = new QuotaBook(pages, now === null ? opened.time : now())
    const result = work(book)
    await writeRows(client, book)
    return result
  }

  async function locking<T>(named: Parameters<typeof within>[1], work: (book: QuotaBook) => T): Promise<T> {
    for (;;) {
      const result = await connected(pool, (client) => within(client, named, work))
      if (result !== null) return result
    }
  }

  async function carryOut(orders: readonly QuotaOrder[]): Promise<QuotaReplies> {
    const accounts = [...new Set(orders.flatMap(accountsOf))].toSorted()
    const leases = [...new Set(orders.flatMap(leasesOf))]
    return health.writes(() => locking({ accounts, leases }, (book) => orders.map((order) => book.run(order))))
  }

  async function recoverExpired(): Promise<number> {
    const time = now?.() ?? null
    const { rows: expired } = await pool.query<{ id: string; state: string }>(expiredLeases, [time, mostRecovered])
    await pool.query(forgetAccounts, [time, mostRecovered])
    if (expired.length === 0) return 0
    const states = expired.map(({ state }) => JSON.parse(state) as LeaseState)
    const accounts = [...new Set(states.flatMap(({ entries }) => entries.map(([account]) => account)))].toSorted()
    const leases = expired.map(({ id }) => id)
    return locking({ accounts, leases }, (book) => leases.filter((id) => book.recover(id)).length)
  }

  const groups = new OrderGroups(carryOut)
  const ledger = withRecovery({ run: (order) => groups.run(order), recover: () => health.writes(recoverExpired) })
  let ending: Promise<void> | null = null
  return { ...ledger, [Symbol.asyncDispose]: () => (ending ??= pool.end()) }
}

/** The first value is the time, or null for the server's own. */
const clock = 'coalesce(cast($1 as bigint), cast(extract(epoch from clock_timestamp()) * 1000 as bigint))'
const expiredLeases = `select id, state from sallyport.quota_leases where expires <= ${clock} limit $2`
const forgetAccounts = `delete from sallyport.quota_accounts where id in (
  select id from sallyport.quota_accounts where ends <= ${clock} limit $2 for update skip locked)`
