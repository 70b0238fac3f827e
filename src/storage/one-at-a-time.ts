import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Whoever counts before writing waits here for who counted before, in every process: two that count at a time would each find
 * room for one more. A row that is always there is locked; a server locks it until the transaction ends, a file all of itself.
 */
export async function oneAtATime(db: Kysely<Tables>): Promise<void> {
  await db.updateTable('storage_facts').set({ one: 1 }).execute()
}
