import type { Tables } from './tables.ts'

/** Keys by what becomes of whoever sends one; each counts once. */
export interface KeyCounts {
  readonly active: number
  /** Until an operator accepts them. */
  readonly held: number
  /** Neither held nor revoked, and over: nobody is answered with them. */
  readonly expired: number
  readonly revoked: number
}

/** `now` in milliseconds since 1970. A key counts before the moment it expires, and not at it. */
export function countKeys(rows: readonly Pick<Tables['api_keys'], 'state' | 'expires'>[], now: number): KeyCounts {
  const counts = { active: 0, held: 0, expired: 0, revoked: 0 }
  for (const { state, expires } of rows) {
    const isOver = state === 'active' && expires !== null && Date.parse(expires) <= now
    counts[isOver ? 'expired' : state] += 1
  }
  return counts
}
