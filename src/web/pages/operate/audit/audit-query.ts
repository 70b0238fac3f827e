import type { AuditSearchQuery } from '../../../api/generated/operators.ts'

/** What the fields of the search have, as typed; empty for anything. */
export interface AuditDraft {
  readonly event: string
  readonly request: string
  readonly principal: string
  /** As fields for a date and a time give them, in the time of the browser. */
  readonly since: string
  readonly until: string
  /** Which come first; empty for the newest, which whoever opens the page wants. */
  readonly order: '' | 'oldest'
}

export const emptyAudit: AuditDraft = { event: '', request: '', principal: '', since: '', until: '', order: '' }

const names = ['event', 'request', 'principal', 'since', 'until', 'order'] as const

/** How many lines are read at a time. */
export const pieceLines = 1_000
/** How many are shown at most: more is no list for people, and the memory of a tab has an end. */
export const mostLines = 20_000

export type ReadAudit = { readonly query: AuditSearchQuery } | { readonly fault: string }

/**
 * Reads the fields into a query; times become moments in UTC.
 * @param behind the number of the last line of the piece before; null for the first piece
 */
export function readAudit(draft: AuditDraft, behind: number | null = null): ReadAudit {
  const [since, until] = [momentOf(draft.since), momentOf(draft.until)]
  if (since === false || until === false) return { fault: 'Give dates with times, or leave them empty.' }
  if (since !== null && until !== null && since >= until) return { fault: 'The end is not after the beginning.' }
  const named = { event: draft.event.trim(), request: draft.request.trim(), principal: draft.principal.trim() }
  const given = Object.entries({ ...named, since: since ?? '', until: until ?? '' }).filter(([, value]) => value !== '')
  const order = draft.order === '' ? 'newest' : draft.order
  const place = behind === null ? {} : { [order === 'newest' ? 'before' : 'after']: behind }
  return { query: { ...Object.fromEntries(given), order, ...place, limit: pieceLines } }
}

/** The fields as the address of the page keeps them, so that a search can be sent to somebody. */
export function draftToParameters(draft: AuditDraft): Readonly<Record<string, string>> {
  const typed = names.filter((name) => draft[name] !== '')
  return typed.length === 0 ? { all: '1' } : Object.fromEntries(typed.map((name) => [name, draft[name]]))
}

/** An address of what a caller did in the hour before a moment (ISO 8601), to the end of its minute. */
export function linesBefore(principal: string, moment: string): Readonly<Record<string, string>> {
  const until = Date.parse(moment) + 60_000
  return { principal, since: fieldOf(new Date(until - 3_600_000)), until: fieldOf(new Date(until)) }
}

/** A moment as a field for a date and a time has it, in the time of the browser. */
export function fieldOf(moment: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join('-')
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`
}

/**
 * What an address looks for: of the last hour where it names nothing, since all of a long trail is much to read; `all` is of everything
 * there is.
 * @param now milliseconds since 1970
 */
export function searchOf(given: Readonly<Record<string, string | undefined>>, now: number): AuditDraft {
  if (Object.keys(given).length > 0) return draftFromParameters(given)
  return { ...emptyAudit, since: fieldOf(new Date(now - 3_600_000)) }
}

export function draftFromParameters(given: Readonly<Record<string, string | undefined>>): AuditDraft {
  const member = (name: keyof AuditDraft) => (given[name] ?? '').slice(0, 200)
  return {
    event: member('event'),
    request: member('request'),
    principal: member('principal'),
    since: member('since'),
    until: member('until'),
    order: given['order'] === 'oldest' ? 'oldest' : '',
  }
}

/** null for nothing, false for what is no moment. */
function momentOf(typed: string): string | null | false {
  if (typed.trim() === '') return null
  const moment = new Date(typed)
  return Number.isNaN(moment.getTime()) ? false : moment.toISOString()
}
