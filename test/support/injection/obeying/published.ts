import type { Outcome } from './try-case.ts'

/** Errors of a database are told without the values in them, so nothing of a row is read there. */
const neverRead: ReadonlySet<string> = new Set(['an error of the database'])

/** May this come of an order there? Nothing comes to pass (docs/decisions/0160-what-a-model-that-obeys-still-does.md), and every other order is read. */
export function isPublished(carrier: string, outcome: Outcome): boolean {
  if (neverRead.has(carrier)) return outcome === 'not read'
  return outcome === 'asked' || outcome === 'refused' || outcome === 'without effect'
}
