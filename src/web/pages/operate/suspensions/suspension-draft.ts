import type { Suspension, SuspensionsAddRequest } from '../../../api/generated/operators.ts'
import { readLifetime, type LifetimeDraft } from '../lifetimes.ts'

/** What a person has filled in to keep somebody out. */
export interface SuspensionDraft {
  readonly principal: string
  readonly person: string
  readonly note: string
  readonly lasts: LifetimeDraft
}

export type ReadSuspension =
  | { readonly body: SuspensionsAddRequest }
  | { readonly field: 'principal' | 'lasts'; readonly fault: string }

/** Reads a draft into the body of `POST /admin/v1/suspensions`. */
export function readSuspension({ principal, person, note, lasts }: SuspensionDraft, now: number): ReadSuspension {
  const caller = principal.trim()
  if (!/^[\w-]{1,200}$/.test(caller)) return { field: 'principal', fault: 'A caller is the id of a key, or token-….' }
  const lifetime = readLifetime(lasts, now)
  if ('fault' in lifetime) return { field: 'lasts', fault: lifetime.fault }
  const named = Object.entries({ person: person.trim(), note: note.trim() }).filter(([, value]) => value !== '')
  const limit = lifetime.said === null ? {} : { lasts: lifetime.said }
  return { body: { principal: caller, ...Object.fromEntries(named), ...limit } }
}

const reasons: Readonly<Record<Suspension['reason'], string>> = {
  operator: 'an operator said so',
  refusals: 'too many refusals',
  'client-errors': 'too many faulty requests',
  spend: 'too much spent',
}

export const reasonText = (reason: Suspension['reason']): string => reasons[reason]

/** Does it keep somebody out at this moment? */
export function isInForce({ lifted, until }: Pick<Suspension, 'lifted' | 'until'>, now: number): boolean {
  return lifted === null && (until === null || Date.parse(until) > now)
}
