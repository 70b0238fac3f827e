import type { Kysely, Selectable } from 'kysely'
import { parseScopes } from '../scopes-text.ts'
import type { HeldBecause, Tables } from '../tables.ts'
import type { NewStoredKey, StoredKey } from './api-keys.ts'

/** Of keys that wait for an operator: those that are held, and those that a backup had in force. */
export function waitingRows(db: Kysely<Tables>) {
  return db
    .selectFrom('api_keys')
    .where((row) => row.or([row('state', '=', 'held'), row('held_because', '=', 'revoked-since')]))
}

/** Oldest first, without those that were revoked. */
export async function listedKeys(db: Kysely<Tables>): Promise<readonly StoredKey[]> {
  const rows = await db
    .selectFrom('api_keys')
    .selectAll()
    .where('state', '!=', 'revoked')
    .orderBy('created')
    .orderBy('id')
    .execute()
  return rows.map(keyOf)
}

/** Is there a key, or was there ever one? */
export async function holdsAny(db: Kysely<Tables>): Promise<boolean> {
  return (await db.selectFrom('api_keys').select('id').limit(1).executeTakeFirst()) !== undefined
}

export function keyOf(row: Selectable<Tables['api_keys']>): StoredKey {
  const { id, name, key_group: group, sha256, created, quota_used_day: quotaUsedDay } = row
  const { expires, last_used: lastUsed, replaced_by: replacedBy } = row
  // Those that an earlier version held came from a file.
  const heldBecause = row.held_because ?? (row.state === 'held' ? 'file' : null)
  // A list that this program does not know gives nothing.
  const scopes = row.scopes === null ? null : (parseScopes(row.scopes) ?? [])
  return { id, name, group, sha256, created, heldBecause, quotaUsedDay, scopes, expires, lastUsed, replacedBy }
}

export async function insertKey(
  db: Kysely<Tables>,
  { id, name, group, sha256, created, scopes = null, expires = null }: NewStoredKey,
  heldBecause: HeldBecause | null,
): Promise<void> {
  const state = heldBecause === null ? 'active' : 'held'
  const waits = { state, revoked: null, held_because: heldBecause, quota_used_day: null } as const
  const terms = { scopes: scopes === null ? null : JSON.stringify(scopes), expires, last_used: null, replaced_by: null }
  await db
    .insertInto('api_keys')
    .values({ id, name, key_group: group, sha256, created, ...waits, ...terms })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
