import type { AuditEntry, DecisionsListAnswer } from '../../../api/generated/operators.ts'

const minute = 60_000
/** How far back is looked, the shortest first: the trail is read from its oldest line on. */
const lengths = [5 * minute, 60 * minute, 24 * 60 * minute] as const

/** So many are shown at most. */
export const mostShown = 50

/**
 * The newest decisions, newest first: of the longest of some times whose decisions come in one piece, since of another the
 * newest are not read. Of the shortest time they are those of its first piece, and `isCut` says so.
 * @param ask for decisions since a moment, ISO 8601
 * @param now milliseconds since 1970
 */
export async function recentDecisions(
  ask: (since: string) => Promise<DecisionsListAnswer>,
  now: number,
): Promise<{ readonly lines: readonly AuditEntry[]; readonly isCut: boolean }> {
  let found: DecisionsListAnswer | null = null
  for (const length of lengths) {
    const answer = await ask(new Date(now - length).toISOString())
    if (found !== null && answer.next !== null) break
    found = answer
    if (answer.next !== null || answer.data.length >= mostShown) break
  }
  const lines = (found?.data ?? []).toReversed().slice(0, mostShown)
  return { lines, isCut: found !== null && found.next !== null }
}
