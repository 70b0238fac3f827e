import type { RequestedLimits } from '../core/requested-limits.ts'
import type { Session, SessionSandbox } from './session.ts'

/** A session in its store. */
export interface Entry<Sandbox extends SessionSandbox> {
  readonly session: Session<Sandbox>
  readonly openedAt: Date
  uses: number
  lastUsed: number
  /** Closed as soon as its last user gives it back. */
  passing: boolean
  /** On the store's clock; null where only idleness ends it. */
  endsAt: number | null
  /** Closes it at its end. */
  alarm: NodeJS.Timeout | null
  /** How long it may be unused; null where that does not end it. */
  readonly idleMilliseconds: number | null
  readonly onClosed: () => void
  readonly givesWay: boolean
}

/** What its owner may know of a session. */
export interface SessionSummary {
  readonly id: string
  readonly openedAt: Date
  readonly inUse: boolean
  /** When it will be closed: at the end of its lifetime where it has one, else if nobody uses it, and null while it is in use. */
  readonly expiresAt: Date | null
  /** How long that is from now, milliseconds. */
  readonly leftMilliseconds: number | null
  readonly limits: RequestedLimits
  /** When its last user gave it back; now while it is in use. */
  readonly usedAt: Date
  /** How many of its sandboxes were lost. */
  readonly losses: number
}

/** `now`: on the store's clock. */
export function summaryOf(entry: Entry<SessionSandbox>, now: number): SessionSummary {
  const { session, openedAt, uses, lastUsed } = entry
  const end = endOf(entry)
  const leftMilliseconds = end === null ? null : Math.max(0, end - now)
  const expiresAt = leftMilliseconds === null ? null : new Date(Date.now() + leftMilliseconds)
  const usedAt = new Date(Date.now() - (uses > 0 ? 0 : now - lastUsed))
  return {
    id: session.id,
    openedAt,
    inUse: uses > 0,
    expiresAt,
    leftMilliseconds,
    limits: session.limits,
    usedAt,
    losses: session.losses,
  }
}

/** On the store's clock; null where nothing ends it as long as it is in use. */
export function endOf({
  uses,
  lastUsed,
  endsAt,
  idleMilliseconds,
}: Omit<Entry<SessionSandbox>, 'session'>): number | null {
  const unused = uses > 0 || idleMilliseconds === null ? null : lastUsed + idleMilliseconds
  if (endsAt === null || unused === null) return endsAt ?? unused
  return Math.min(endsAt, unused)
}
