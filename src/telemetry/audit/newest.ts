import { parseEntry, type AuditEntry } from './entry.ts'
import { linesOf } from './lines.ts'
import { fits, type AuditQuery } from './search.ts'
import { openTrailFiles, type TrailFile } from './trail-files.ts'

export interface NewestOptions {
  /** Only lines with a number between these two. */
  readonly after: number
  readonly before: number
  /** So many at most. */
  readonly most: number
  /** Ends the reading, also where nothing is found. */
  readonly signal: AbortSignal
}

/**
 * The last lines of a trail that a query fits, newest first. Files are read from the newest on, and no more of them than are wanted. A
 * line that does not match its hash is passed over: `verifyAuditTrail` says where. Rejects with `invalid-file` for a file that
 * cannot be read.
 */
export async function newestInAuditTrail(
  given: string,
  query: AuditQuery,
  options: NewestOptions,
): Promise<readonly AuditEntry[]> {
  await using trail = await openTrailFiles(given)
  const found: AuditEntry[] = []
  for (const file of trail.files.toReversed()) {
    if (file.first !== null && file.first >= options.before) continue
    const last = await lastOf(file, query, { ...options, most: options.most - found.length })
    found.push(...last.toReversed())
    if (found.length >= options.most || (file.first !== null && file.first <= options.after + 1)) break
  }
  return found
}

/** The last fitting lines of one file, oldest first; of twice as many at most is held that they fit. */
async function lastOf(
  { handle, size }: TrailFile,
  query: AuditQuery,
  { after, before, most, signal }: NewestOptions,
): Promise<readonly AuditEntry[]> {
  const last: AuditEntry[] = []
  for await (const { line, ended } of linesOf(handle, size)) {
    signal.throwIfAborted()
    const entry = ended ? parseEntry(line) : null
    if (entry === null || entry.sequence <= after || entry.sequence >= before || !fits(entry, query)) continue
    last.push(entry)
    if (last.length >= 2 * most) last.splice(0, last.length - most)
  }
  return last.slice(-most)
}
