import type { AuditEntry } from '../../../api/generated/operators.ts'

/** So many of the newest decisions are looked at, and so many of these are shown at most. */
export const mostRead = 1_000
export const mostShown = 50

/** `refusals`: what was not allowed, by a rule or for a fault of the rules. */
export type Which = 'refusals' | 'all'

/**
 * The decisions that are shown, of the newest: what was refused stands before what was allowed, each newest first, since nearly all that
 * rules decide is the same permission over and over.
 * @param newest newest first
 */
export function shownDecisions(
  newest: readonly AuditEntry[],
  which: Which,
): { readonly lines: readonly AuditEntry[]; readonly refused: number } {
  const isRefused = ({ fact }: AuditEntry): boolean => fact['outcome'] !== 'allowed'
  const refused = newest.filter(isRefused)
  const others = which === 'all' ? newest.filter((entry) => !isRefused(entry)) : []
  return { lines: [...refused, ...others].slice(0, mostShown), refused: refused.length }
}
