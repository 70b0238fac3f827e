import { type Kysely, sql, type Transaction } from 'kysely'
import type { QuotaLedger } from '../../core/quotas.ts'
import type { StorageHealth } from '../health.ts'
import { OrderGroups, type QuotaReplies } from '../quotas/order-groups.ts'
import {
  accountEnd,
  accountsOf,
  leasesOf,
  QuotaBook,
  type AccountState,
  type LeaseState,
} from '../quotas/quota-book.ts'
import type { QuotaOrder } from '../quotas/quota-book.ts'
import { withRecovery } from '../quotas/with-recovery.ts'
import type { Tables } from '../tables.ts'
import { postgresTextList } from '../text-list.ts'

interface Parts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** Milliseconds since 1970; null is the server's own clock, the same for all processes. */
  readonly now: (() => number) | null
}

/** Leases and accounts that are looked through in one transaction, at most. */
const mostRecovered = 500

/**
 * Quotas in tables of a server, for all processes of a service. What was answered is committed. Each process has one
 * transaction at a time, with all that came meanwhile: requests of one account wait for few of its commits.
 */
export function createPostgresQuotas({ db, health, now }: Parts): QuotaLedger {
  const clock = now === null ? sql<number>`extract(epoch from clock_timestamp()) * 1000` : null

  /** Null where rows are missing, which are made then. */
  async function within<T>(
    { accounts, leases }: { readonly accounts: readonly string[]; readonly leases: readonly string[] },
    work: (book: QuotaBook) => T,
  ): Promise<T | null> {
    return db.transaction().execute(async (transaction) => {
      const opened = await open(transaction, accounts, leases)
      if (opened.accounts.size < accounts.length) return null
      const pages = {
        account: (id: string) => opened.accounts.get(id) ?? undefined,
        lease: (id: string) => opened.leases.get(id),
      }
      const book = new QuotaBook(pages, now === null ? opened.time : now())
      const result = work(book)
      await write(transaction, book)
      return result
    })
  }

  async function locking<T>(named: Parameters<typeof within>[0], work: (book: QuotaBook) => T): Promise<T> {
    for (;;) {
      const result = await within(named, work)
      if (result !== null) return result
      await makeRows(db, named.accounts)
    }
  }

  async function carryOut(orders: readonly QuotaOrder[]): Promise<QuotaReplies> {
    const accounts = [...new Set(orders.flatMap(accountsOf))].toSorted()
    const leases = orders.flatMap(leasesOf)
    return health.writes(() => locking({ accounts, leases }, (book) => orders.map((order) => book.run(order))))
  }

  async function recoverExpired(): Promise<number> {
    const time = now === null ? clock : sql<number>`${now()}`
    const expired = await db
      .selectFrom('quota_leases')
      .select(['id', 'state'])
      .where(sql<boolean>`expires <= ${time}`)
      .limit(mostRecovered)
      .execute()
    await sql`delete from sallyport.quota_accounts where id in (
      select id from sallyport.quota_accounts where ends <= ${time} limit ${mostRecovered} for update skip locked)`.execute(
      db,
    )
    if (expired.length === 0) return 0
    const states = expired.map(({ state }) => JSON.parse(state) as LeaseState)
    const accounts = [...new Set(states.flatMap(({ entries }) => entries.map(([account]) => account)))].toSorted()
    const leases = expired.map(({ id }) => id)
    return locking({ accounts, leases }, (book) => leases.filter((id) => book.recover(id)).length)
  }

  const groups = new OrderGroups(carryOut)
  return withRecovery({ run: (order) => groups.run(order), recover: () => health.writes(recoverExpired) })
}

interface Opened {
  /** Null for one of which nothing was counted yet. */
  readonly accounts: ReadonlyMap<string, AccountState | null>
  readonly leases: ReadonlyMap<string, LeaseState>
  /** The server's, once all is locked. */
  readonly time: number
}

/** Locks accounts, and then leases, each in the order of their ids, so that no two transactions wait for each other. */
async function open(
  transaction: Transaction<Tables>,
  accounts: readonly string[],
  leases: readonly string[],
): Promise<Opened> {
  const { rows } = await sql<{ kind: string; id: string; state: string }>`with
    accounts as (select id, state from sallyport.quota_accounts
      where id in ${postgresTextList(JSON.stringify(accounts))} order by id for update),
    leases as (select id, state from sallyport.quota_leases
      where id in ${postgresTextList(JSON.stringify(leases))} order by id for update)
    select 'account' as kind, id, state from accounts
    union all select 'lease', id, state from leases
    union all select 'time', '', cast(floor(extract(epoch from clock_timestamp()) * 1000) as text)`.execute(transaction)
  const of = (kind: string) => rows.filter((row) => row.kind === kind)
  return {
    accounts: new Map(
      of('account').map(({ id, state }) => [id, state === '' ? null : (JSON.parse(state) as AccountState)]),
    ),
    leases: new Map(of('lease').map(({ id, state }) => [id, JSON.parse(state) as LeaseState])),
    time: Number(of('time')[0]?.state),
  }
}

/** Rows have to be there to be locked. */
async function makeRows(db: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  await sql`insert into sallyport.quota_accounts (id, ends, state)
    select value, 9000000000000000, '' from ${postgresTextList(JSON.stringify(ids))} as given order by value
    on conflict do nothing`.execute(db)
}

async function write(transaction: Transaction<Tables>, { accounts, leases }: QuotaBook): Promise<void> {
  const changed = [...accounts].map(([id, state]) => ({ id, at: rowEnd(state), state: JSON.stringify(state) }))
  const held = [...leases].flatMap(([id, state]) =>
    state === null ? [] : [{ id, at: state.expires, state: JSON.stringify(state) }],
  )
  const ended = [...leases].flatMap(([id, state]) => (state === null ? [id] : []))
  const rows = (values: readonly object[]) =>
    sql`json_to_recordset(cast(${JSON.stringify(values)} as json)) as given (id text, at bigint, state text)`
  await sql`with
    accounts as (update sallyport.quota_accounts as old set ends = given.at, state = given.state
      from ${rows(changed)} where old.id = given.id),
    held as (insert into sallyport.quota_leases (id, expires, state) select id, at, state from ${rows(held)}
      on conflict (id) do update set expires = excluded.expires, state = excluded.state),
    ended as (delete from sallyport.quota_leases where id in ${postgresTextList(JSON.stringify(ended))})
    select 1`.execute(transaction)
}

/** When a row may be removed, in whole hours: an end that is the same as before leaves the index of it as it is. */
function rowEnd(state: AccountState): number {
  const hour = 3_600_000
  return Math.ceil(accountEnd(state) / hour) * hour
}
