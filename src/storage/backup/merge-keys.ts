import type { StoredKeyRow } from './stored-rows.ts'

/** The keys of a storage when a restore begins, and those of the backup. */
interface Merged {
  readonly present: readonly StoredKeyRow[]
  readonly backup: readonly StoredKeyRow[]
  /** Today, counted from 1970-01-01. */
  readonly day: number
}

/**
 * The keys after a restore. What the storage knows better than the backup stays: a key that was revoked since stays revoked,
 * and one that it has in force as the backup has it stays in force. Every other key is held until an operator accepts it by
 * name: the storage does not know it, so it may have been revoked and forgotten; or the backup does not, so it may be what the
 * restore is to undo. How much of the day's tokens was used is known of none.
 */
export function mergeKeys({ present, backup, day }: Merged): readonly StoredKeyRow[] {
  const known = new Map(present.map((key) => [key.id, key]))
  const restored = new Set(backup.map(({ id }) => id))
  const merged = [
    ...backup.map((key) => mergedWith(key, known.get(key.id))),
    ...present.filter(({ id }) => !restored.has(id)).map(madeSince),
  ]
  return merged.map((key) => Object.assign({}, key, { quota_used_day: day }))
}

function mergedWith(old: StoredKeyRow, now: StoredKeyRow | undefined): StoredKeyRow {
  if (now === undefined) return old.state === 'revoked' ? old : held(old, 'unknown')
  if (now.state === 'revoked') return old.state === 'revoked' ? now : { ...now, held_because: 'revoked-since' }
  if (old.state === 'revoked') return old
  if (!isSame(old, now) || isLonger(now, old)) return held(now, 'differs')
  return now
}

function madeSince(now: StoredKeyRow): StoredKeyRow {
  return now.state === 'active' ? held(now, 'made-since') : now
}

function held(key: StoredKeyRow, because: StoredKeyRow['held_because']): StoredKeyRow {
  return { ...key, state: 'held', held_because: because }
}

function isSame(one: StoredKeyRow, other: StoredKeyRow): boolean {
  const told = ({ name, key_group: group, sha256, scopes }: StoredKeyRow) =>
    JSON.stringify([name, group, sha256, scopes])
  return told(one) === told(other)
}

/** Does what the storage has go on longer than what the backup has? */
function isLonger({ expires: now }: StoredKeyRow, { expires: old }: StoredKeyRow): boolean {
  return old !== null && (now === null || now > old)
}
