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

export interface SearchOptions {
  /** Only lines with a greater number; those before it are not looked at, and files that hold no others not read. */
  readonly after?: number
  /** Told of each line that does not match its hash. */
  readonly onPassedOver?: () => void
  /** Ends the reading, also where nothing is found. */
  readonly signal?: AbortSignal
}

/**
 * The lines of a trail that a query fits, oldest first, up to where the trail ends now. A line that does not match its hash
 * is passed over: `verifyAuditTrail` says where. Rejects with `invalid-file` for one that cannot be read.
 */
export async function* searchAuditTrail(
  given: string,
  query: AuditQuery,
  { after = 0, signal, onPassedOver }: SearchOptions = {},
): AsyncIterable<FoundEntry> {
  await using trail = await openTrailFiles(given)
  for (const [index, { handle, size }] of trail.files.entries()) {
    const behind = trail.files[index + 1]?.first ?? null
    if (behind !== null && behind <= after + 1) continue
    for await (const { line, ended } of linesOf(handle, size)) {
      signal?.throwIfAborted()
      if (!ended || isUpTo(line, after)) continue
      const entry = parseEntry(line)
      if (entry === null) onPassedOver?.()
      if (entry !== null && fits(entry, query)) yield { entry, line: Buffer.concat([line, Buffer.from('\n')]) }
    }
  }
}

/** Is it, by its own word, one of the first so many lines? Costs less than its hash. */
function isUpTo(line: Buffer, after: number): boolean {
  const [, number] = /^\{"sequence":(\d{1,16}),/.exec(line.toString('latin1', 0, 40)) ?? []
  return number !== undefined && Number(number) <= after
}

/** Is it one of those that a query is about? */
export function fits({ time, fact }: AuditEntry, { event, request, principal, since, until }: AuditQuery): boolean {
  return (
    (event === null || fact.event === event) &&
    (request === null || fact.requestId === request) &&
    (principal === null || fact['principal'] === principal) &&
    (since === null || time >= since) &&
    (until === null || time < until)
  )
}
