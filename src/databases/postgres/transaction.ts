import { ServiceError } from '../../core/errors.ts'
import type { DateSettings } from '../../core/catalog.ts'
import type { QueryLimits } from '../database.ts'
import type { Session } from '../session.ts'
import { textSettings } from '../values.ts'

/** State of the server at the start of a transaction. */
export interface ServerState {
  readonly inRecovery: boolean
  readonly asOf: Date
  /** Null where it is unknown: no heartbeat, and nothing replayed yet. */
  readonly lagMilliseconds: number | null
  readonly dates: DateSettings
}

export interface ReadTransactionOptions {
  readonly searchPath: string
  /** A query of one value, the milliseconds since the last heartbeat; null estimates from what was replayed. */
  readonly heartbeat: string | null
  /** Null in a part leaves what the role, the database or the server has. */
  readonly dates?: { readonly timeZone: string | null; readonly dateOrder: string | null }
  /** Do all statements of the transaction see the same rows? */
  readonly oneSnapshot?: boolean
}

/** Equal positions of what was received and replayed mean "nothing to catch up with", however old the last change is. */
const estimatedLag = `
  CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN 0
       WHEN pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() THEN 0
       ELSE extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) * 1000 END`

/** Begins a read-only transaction with its limits and tells the server's state. The caller ends it with ROLLBACK. */
export async function beginRead(
  session: Session,
  limits: Pick<QueryLimits, 'timeoutMilliseconds'>,
  options: ReadTransactionOptions,
): Promise<ServerState> {
  await session.run(
    options.oneSnapshot === true ? 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' : 'BEGIN READ ONLY',
  )
  const settings = localSettings(limits, options)
  const calls = settings.map((_, index) => `pg_catalog.set_config($${index * 2 + 1}, $${index * 2 + 2}, true)`)
  await session.run(`SELECT ${calls.join(', ')}`, settings.flat())
  const dates = await setDates(session, options.dates ?? { timeZone: null, dateOrder: null })
  const lag = options.heartbeat === null ? estimatedLag : `(${options.heartbeat})`
  const { rows } = await session.run(
    `SELECT pg_catalog.pg_is_in_recovery(), extract(epoch FROM pg_catalog.now()), pg_catalog.round((${lag})::pg_catalog.numeric)`,
  )
  const [inRecovery, now, lagText] = rows[0] ?? []
  if (now === undefined || now === null)
    throw new ServiceError('database-unavailable', 'The database does not tell its time.')
  return {
    inRecovery: inRecovery === 't',
    asOf: new Date(Math.floor(Number(now) * 1000)),
    dates,
    lagMilliseconds: lagText === null || lagText === undefined ? null : Math.max(0, Number(lagText)),
  }
}

/** The role can change each of these: they hold what is honest, the deadline of the caller holds what is not. */
function localSettings(
  { timeoutMilliseconds }: Pick<QueryLimits, 'timeoutMilliseconds'>,
  { searchPath }: ReadTransactionOptions,
): (readonly [name: string, value: string])[] {
  return [
    ['statement_timeout', String(timeoutMilliseconds)],
    ['lock_timeout', String(Math.min(timeoutMilliseconds, 2000))],
    ['idle_in_transaction_session_timeout', String(timeoutMilliseconds + 10_000)],
    ['search_path', searchPath],
    ['max_parallel_workers_per_gather', '0'],
    ['jit', 'off'],
    // A scan that joins another one begins in the middle: asked again, it would meet rows in another order.
    ['synchronize_seqscans', 'off'],
    // The gate reads strings this way; a role or a database could have it otherwise.
    ['standard_conforming_strings', 'on'],
    ['transform_null_equals', 'off'],
    ...textSettings,
  ]
}

/** Dates are written as ISO whatever is set; how they are read, and of which zone a day is, is the database's own. */
const ownDates = `
  SELECT pg_catalog.set_config('DateStyle', pg_catalog.concat('ISO, ',
           COALESCE($1, pg_catalog.split_part(pg_catalog.current_setting('DateStyle'), ', ', 2))), true),
         pg_catalog.set_config('TimeZone', COALESCE($2, pg_catalog.current_setting('TimeZone')), true)`

async function setDates(
  session: Session,
  { timeZone, dateOrder }: NonNullable<ReadTransactionOptions['dates']>,
): Promise<DateSettings> {
  const { rows } = await session.run(ownDates, [dateOrder, timeZone])
  const [style = '', zone] = rows[0] ?? []
  return { timeZone: zone ?? 'UTC', dateOrder: /, (YMD|DMY|MDY)$/.exec(style ?? '')?.[1] ?? null }
}
