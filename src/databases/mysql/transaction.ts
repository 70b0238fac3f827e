import { ServiceError } from '../../core/errors.ts'
import type { MysqlConnection, MysqlValue } from './connection.ts'

/**
 * The modes that decide how the server reads a text. With a backslash as a letter like any other, double quotes as texts
 * and `||` as OR, a canonical text has one reading; the others make wrong values errors instead of zeros.
 */
export const sqlModes: readonly string[] = [
  'ONLY_FULL_GROUP_BY',
  'STRICT_TRANS_TABLES',
  'NO_ZERO_IN_DATE',
  'NO_ZERO_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
  'NO_BACKSLASH_ESCAPES',
]

/** State of the server at the start of a transaction. */
export interface ServerState {
  /** Does the server say that it is read-only, as a replica should? */
  readonly inRecovery: boolean
  readonly asOf: Date
  /** Null without a heartbeat: what the server knows of its lag it tells to operators only. */
  readonly lagMilliseconds: number | null
  /** The time zone of the session: `UTC` where timestamps are read in it. */
  readonly timeZone: string
}

export interface ServerFacts {
  readonly isMariadb: boolean
  /** `10.11`, `8.4` */
  readonly version: string
}

export async function serverFacts(connection: MysqlConnection): Promise<ServerFacts> {
  const [row] = (await connection.run('SELECT VERSION()')).rows
  const text = String(row?.[0])
  return { isMariadb: /mariadb/i.test(text), version: /^\d+\.\d+/.exec(text)?.[0] ?? '0.0' }
}

const readBack = `
  SELECT @@SESSION.sql_mode, @@SESSION.character_set_client, @@SESSION.collation_connection, @@SESSION.time_zone,
         @@GLOBAL.read_only, UTC_TIMESTAMP(3), DATABASE(), @@GLOBAL.time_zone, @@GLOBAL.system_time_zone`

interface ReadLimits {
  readonly timeoutMilliseconds: number
  readonly isMariadb: boolean
  /** Null for the server's own. */
  readonly timeZone: string | null
}

/**
 * Settings of the session, read back and compared, and a read-only transaction with its limit. The caller ends it by
 * resetting the connection. The role can change each of these: they hold what is honest.
 */
export async function beginRead(
  connection: MysqlConnection,
  { timeoutMilliseconds, isMariadb, timeZone }: ReadLimits,
  heartbeat: string | null,
): Promise<ServerState> {
  const timeout = isMariadb
    ? `max_statement_time = ${(timeoutMilliseconds / 1000).toFixed(3)}`
    : `max_execution_time = ${Math.ceil(timeoutMilliseconds)}`
  // The option admits no letter that could end a text.
  const zone = timeZone === null ? '@@GLOBAL.time_zone' : `'${timeZone === 'UTC' ? '+00:00' : timeZone}'`
  await connection.run(`SET NAMES utf8mb4 COLLATE utf8mb4_general_ci`)
  await connection.run(
    `SET SESSION sql_mode = '${sqlModes.join(',')}', SESSION time_zone = ${zone}, SESSION lock_wait_timeout = 2,
     SESSION innodb_lock_wait_timeout = 2, SESSION group_concat_max_len = 1048576, SESSION ${timeout}`,
  )
  await connection.run('START TRANSACTION READ ONLY')
  const [row] = (await connection.run(readBack)).rows
  checkSettings(row ?? [], timeZone)
  const lag = heartbeat === null ? null : await lagOf(connection, heartbeat)
  return {
    inRecovery: Number(row?.[4]) === 1,
    asOf: new Date(`${String(row?.[5]).replace(' ', 'T')}Z`),
    lagMilliseconds: lag,
    timeZone: zoneOf(String(row?.[3]), String(row?.[8])),
  }
}

/** `SYSTEM` is the zone of the machine that the server is on, which it names shortly at best: `CEST`. */
function zoneOf(zone: string, system: string): string {
  const named = zone === 'SYSTEM' ? system : zone
  return named === '+00:00' || named === 'UTC' || named === 'Etc/UTC' ? 'UTC' : named
}

function checkSettings(
  [modes, characterSet, collation, zone, , , database, own]: readonly MysqlValue[],
  timeZone: string | null,
): void {
  const wanted = timeZone === null ? own : timeZone === 'UTC' ? '+00:00' : timeZone
  const set = new Set(String(modes).split(','))
  const isRight =
    set.size === sqlModes.length &&
    sqlModes.every((mode) => set.has(mode)) &&
    characterSet === 'utf8mb4' &&
    collation === 'utf8mb4_general_ci' &&
    zone === wanted &&
    database === null
  if (isRight) return
  const message =
    'The database does not take the settings under which statements have one reading; nothing is asked of it.'
  throw new ServiceError('database-unavailable', message)
}

async function lagOf(connection: MysqlConnection, heartbeat: string): Promise<number | null> {
  const [row] = (await connection.run(heartbeat)).rows
  const lag = Math.round(Number(row?.[0] ?? NaN))
  return Number.isFinite(lag) ? Math.max(0, lag) : null
}
