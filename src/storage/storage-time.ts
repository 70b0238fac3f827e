import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** Now, in milliseconds since 1970, by the clock that all processes of a storage share. */
export type StorageTime = (db: Kysely<Tables>) => Promise<number>

/** That of the machine, which all who have the file open are on. */
export const machineTime =
  (now: () => number): StorageTime =>
  async () =>
    now()

/** The server's own: the clocks of machines may be apart. */
export const serverTime: StorageTime = async (db) => {
  const { rows } = await sql<{ readonly time: string }>`
    select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint) as time`.execute(db)
  return Number(rows[0]?.time)
}
