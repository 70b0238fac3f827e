import type { PoolClient } from 'pg'
import { accountEnd, type AccountState, type LeaseState, type QuotaBook } from '../quotas/quota-book.ts'

/** What a transaction has locked and read. */
export interface OpenedRows {
  /** Null for one of which nothing was counted yet. */
  readonly accounts: ReadonlyMap<string, AccountState | null>
  readonly leases: ReadonlyMap<string, LeaseState>
  /** The server's once all is locked, milliseconds since 1970. */
  readonly time: number
}

// Each statement has a name, so that a connection has it parsed and planned once.

/**
 * What is committed is told to nobody before `flushed`, so that the commit itself waits for no disk: whoever waits for the rows of
 * a busy account waits for work, and not for the disk of those before.
 */
const begin = { name: 'quota-begin', text: 'begin' }
const unflushed = { name: 'quota-unflushed', text: 'set local synchronous_commit = off' }
/** Rows have to be there to be locked. All are made before any is locked, each in the order of ids, so that nobody waits in a circle. */
const make = `insert into sallyport.quota_accounts (id, ends, state)
  select id, 9000000000000000, '' from unnest(cast($1 as text[])) as given (id) order by id on conflict do nothing`
const lock = `select id, state from sallyport.quota_accounts where id = any(cast($1 as text[])) order by id for no key update`
/** By a statement of its own: it sees what was committed while the accounts were waited for. Who changes a lease has its accounts. */
const read = `select id, state from sallyport.quota_leases where id = any(cast($1 as text[]))
  union all select '', cast(floor(extract(epoch from clock_timestamp()) * 1000) as text)`
const write = `with
  accounts as (update sallyport.quota_accounts as old set ends = given.ends, state = given.state
    from unnest(cast($1 as text[]), cast($2 as bigint[]), cast($3 as text[])) as given (id, ends, state)
    where old.id = given.id),
  held as (insert into sallyport.quota_leases (id, expires, state)
    select * from unnest(cast($4 as text[]), cast($5 as bigint[]), cast($6 as text[]))
    on conflict (id) do update set expires = excluded.expires, state = excluded.state)
  delete from sallyport.quota_leases where id = any(cast($7 as text[]))`
const commit = { name: 'quota-commit', text: 'commit' }
/**
 * Waits as the server, or the role, is set to wait (`synchronous_commit`) until the log is on the disk and on standbys up to a record
 * written now, and so with all that was committed before. Everything that came meanwhile shares one wait.
 */
const flush = { name: 'quota-flush', text: "select pg_logical_emit_message(true, 'sallyport', '')" }

interface StateRow {
  readonly id: string
  readonly state: string
}

/** Begins a transaction, and locks accounts in the order of their ids, in one round trip of a connection that does not wait between. */
export async function openRows(
  client: PoolClient,
  accounts: readonly string[],
  leases: readonly string[],
): Promise<OpenedRows> {
  const [, , , locked, found] = await Promise.all([
    client.query(begin),
    client.query(unflushed),
    client.query({ name: 'quota-make', text: make, values: [accounts] }),
    client.query<StateRow>({ name: 'quota-lock', text: lock, values: [accounts] }),
    client.query<StateRow>({ name: 'quota-read', text: read, values: [leases] }),
  ])
  return {
    accounts: new Map(
      locked.rows.map(({ id, state }) => [id, state === '' ? null : (JSON.parse(state) as AccountState)]),
    ),
    leases: new Map(
      found.rows.flatMap(({ id, state }) => (id === '' ? [] : [[id, JSON.parse(state) as LeaseState] as const])),
    ),
    time: Number(found.rows.find(({ id }) => id === '')?.state),
  }
}

/** Writes what a book has changed, ends the transaction, and waits until it is as durable as the server makes its commits. */
export async function writeRows(client: PoolClient, { accounts, leases }: QuotaBook): Promise<void> {
  const changed = [...accounts]
  const held = [...leases].flatMap(([id, state]) => (state === null ? [] : [[id, state] as const]))
  const ended = [...leases].flatMap(([id, state]) => (state === null ? [id] : []))
  const values = [
    changed.map(([id]) => id),
    changed.map(([, state]) => rowEnd(state)),
    changed.map(([, state]) => JSON.stringify(state)),
    held.map(([id]) => id),
    held.map(([, { expires }]) => expires),
    held.map(([, state]) => JSON.stringify(state)),
    ended,
  ]
  await Promise.all([
    client.query({ name: 'quota-write', text: write, values }),
    client.query(commit),
    client.query(flush),
  ])
}

/** When a row may be removed, in whole hours: an end that is the same as before leaves the index of it as it is. */
function rowEnd(state: AccountState): number {
  const hour = 3_600_000
  return Math.ceil(accountEnd(state) / hour) * hour
}
