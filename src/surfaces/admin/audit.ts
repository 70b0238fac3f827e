import type { z } from 'zod'
import { listDecisions, searchAudit, verifyAudit } from '../wire/admin/audit.ts'
import { answers, type AdminRoute } from './handlers.ts'

/** A line of the trail, as far as it is told. */
export interface ToldEntry {
  readonly sequence: number
  readonly time: string
  readonly fact: Readonly<Record<string, unknown>>
  readonly previous: string
  readonly hash: string
}

/** What is looked for; null is anything. Times are ISO 8601. */
export interface TrailQuery {
  readonly event: string | null
  readonly request: string | null
  readonly principal: string | null
  readonly since: string | null
  readonly until: string | null
}

/** The audit trail of this machine. Each rejects with `not-found` where none is kept. */
export interface ReadableTrail {
  /** Lines with a number above `after`, oldest first. */
  search(query: TrailQuery, after: number, signal: AbortSignal): AsyncIterable<ToldEntry>
  /** The last lines with a number between `after` and `before`, newest first, so many at most. */
  newest(
    query: TrailQuery,
    options: { readonly after: number; readonly before: number; readonly most: number; readonly signal: AbortSignal },
  ): Promise<readonly ToldEntry[]>
  /** Follows the whole chain, in which this hash has to be; null for none. */
  verify(expected: string | null, signal: AbortSignal): Promise<z.input<typeof verifyAudit.answer>>
}

export function auditRoutes(trail: ReadableTrail): readonly AdminRoute[] {
  return [
    answers(searchAudit, async ({ query, signal }) => pageOf(trail, query, signal)),
    answers(listDecisions, async ({ query, signal }) => pageOf(trail, { ...query, event: decisionEvent }, signal)),
    answers(verifyAudit, async ({ query: { expect = null }, signal }) => trail.verify(expect, signal)),
  ]
}

/** Of the line that a decision of policy leaves. */
const decisionEvent = 'policy-decision'

async function pageOf(
  trail: ReadableTrail,
  query: z.output<typeof searchAudit.query>,
  signal: AbortSignal,
): Promise<z.input<typeof searchAudit.answer>> {
  const { event = null, request = null, principal = null, since = null, until = null, after, limit, order } = query
  const sought = { event, request, principal, since, until }
  const before = query.before ?? Number.MAX_SAFE_INTEGER
  const found =
    order === 'newest'
      ? await trail.newest(sought, { after, before, most: limit + 1, signal })
      : await firstOf(trail.search(sought, after, signal), before, limit + 1)
  const data = found.slice(0, limit)
  return { data: data.map(toEntry), next: found.length > limit ? (data.at(-1)?.sequence ?? null) : null }
}

async function firstOf(entries: AsyncIterable<ToldEntry>, before: number, most: number): Promise<readonly ToldEntry[]> {
  const found: ToldEntry[] = []
  for await (const entry of entries) {
    if (entry.sequence >= before) break
    found.push(entry)
    if (found.length === most) break
  }
  return found
}

const toEntry = ({ sequence, time, fact, previous, hash }: ToldEntry) => {
  return { sequence, time, fact: { ...fact }, previous, hash }
}
