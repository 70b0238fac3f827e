import type { AuditSearchQuery } from '../../../api/generated/operators.ts'

/** What the fields of the search have, as typed; empty for anything. */
export interface AuditDraft {
  readonly event: string
  readonly request: string
  readonly principal: string
  /** As fields for a date and a time give them, in the time of the browser. */
  readonly since: string
  readonly until: string
}

export const emptyAudit: AuditDraft = { event: '', request: '', principal: '', since: '', until: '' }

const names = ['event', 'request', 'principal', 'since', 'until'] as const

/** How many lines are read at a time. */
export const pieceLines = 200

export type ReadAudit = { readonly query: AuditSearchQuery } | { readonly fault: string }

/** Reads the fields into a query; times become moments in UTC. */
export function readAudit(draft: AuditDraft, after = 0): ReadAudit {
  const [since, until] = [momentOf(draft.since), momentOf(draft.until)]
  if (since === false || until === false) return { fault: 'Give dates with times, or leave them empty.' }
  if (since !== null && until !== null && since >= until) return { fault: 'The end is not after the beginning.' }
  const named = { event: draft.event.trim(), request: draft.request.trim(), principal: draft.principal.trim() }
  const given = Object.entries({ ...named, since: since ?? '', until: until ?? '' }).filter(([, value]) => value !== '')
  return { query: { ...Object.fromEntries(given), after, limit: pieceLines } }
}

/** The fields as the address of the page keeps them, so that a search can be sent to somebody. */
export function draftToParameters(draft: AuditDraft): Readonly<Record<string, string>> {
  return Object.fromEntries(names.filter((name) => draft[name] !== '').map((name) => [name, draft[name]]))
}

export function draftFromParameters(given: Readonly<Record<string, string | undefined>>): AuditDraft {
  const member = (name: keyof AuditDraft) => (given[name] ?? '').slice(0, 200)
  return {
    event: member('event'),
    request: member('request'),
    principal: member('principal'),
    since: member('since'),
    until: member('until'),
  }
}

/** null for nothing, false for what is no moment. */
function momentOf(typed: string): string | null | false {
  if (typed.trim() === '') return null
  const moment = new Date(typed)
  return Number.isNaN(moment.getTime()) ? false : moment.toISOString()
}
