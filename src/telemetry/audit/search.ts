import { parseEntry, type AuditEntry } from './entry.ts'
import { linesOf } from './lines.ts'
import { openTrailFiles } from './trail-files.ts'

/** What is looked for; null is anything. */
export interface AuditQuery {
  readonly event: string | null
  readonly request: string | null
  /** The id of a caller. */
  readonly principal: string | null
  /** From this time on, ISO 8601. */
  readonly since: string | null
  /** Before this time, ISO 8601. */
  readonly until: string | null
}

/** A line of a trail as it stands there, with its line feed, and what it says. */
export interface FoundEntry {
  readonly entry: AuditEntry
  readonly line: Buffer
}

/**
 * The lines of a trail that a query fits, oldest first, up to where the trail ends now. A line that does not match its hash
 * is passed over: `verifyAuditTrail` says where. Rejects with `invalid-file` for one that cannot be read.
 */
export async function* searchAuditTrail(given: string, query: AuditQuery): AsyncIterable<FoundEntry> {
  await using trail = await openTrailFiles(given)
  for (const { handle, size } of trail.files) {
    for await (const { line, ended } of linesOf(handle, size)) {
      const entry = ended ? parseEntry(line) : null
      if (entry !== null && fits(entry, query)) yield { entry, line: Buffer.concat([line, Buffer.from('\n')]) }
    }
  }
}

function fits({ time, fact }: AuditEntry, { event, request, principal, since, until }: AuditQuery): boolean {
  return (
    (event === null || fact.event === event) &&
    (request === null || fact.requestId === request) &&
    (principal === null || fact['principal'] === principal) &&
    (since === null || time >= since) &&
    (until === null || time < until)
  )
}
