import type { Outcome } from './try-case.ts'

interface Published {
  readonly effect: string
  readonly why: string
  /** Where; everywhere without them. */
  readonly carriers?: readonly string[]
}

/** What still comes to pass, as docs/decisions/0160-what-a-model-that-obeys-still-does.md says it: nothing. */
export const published: readonly Published[] = []

/** Errors of a database are told without the values in them, so nothing of a row is read there. */
export const neverRead: ReadonlySet<string> = new Set(['an error of the database'])

/** May this come of an order there? */
export function isPublished(carrier: string, effect: string, outcome: Outcome): boolean {
  if (outcome === 'failed') return false
  if (neverRead.has(carrier)) return outcome === 'not read'
  if (outcome !== 'happened') return outcome !== 'not read'
  return published.some((one) => one.effect === effect && (one.carriers?.includes(carrier) ?? true))
}
