import { type Kysely, PostgresAdapter } from 'kysely'
import type { Tables } from '../tables.ts'

/** Is a lease still there? Where a server is the storage, it stays so until the transaction ends: whoever would take it away waits for that. */
export async function holdsLease(db: Kysely<Tables>, id: string): Promise<boolean> {
  const query = db.selectFrom('process_leases').select('number').where('id', '=', id)
  const isServer = db.getExecutor().adapter instanceof PostgresAdapter
  return (await (isServer ? query.forKeyShare() : query).executeTakeFirst()) !== undefined
}
