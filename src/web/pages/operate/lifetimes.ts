/** What a person chose of how long something lasts, as a form has it. */
export interface LifetimeDraft {
  readonly kind: 'unlimited' | 'days' | 'until'
  /** As typed. */
  readonly days: string
  /** As a field for a date and a time gives it, in the time of the browser: `2026-12-01T18:00`. */
  readonly until: string
}

export const unlimited: LifetimeDraft = { kind: 'unlimited', days: '90', until: '' }

type Lifetime = { readonly milliseconds: number } | { readonly until: string }

/** `said: null` where nothing is limited; `fault` says what has to be typed otherwise. */
export type ReadLifetime = { readonly said: Lifetime | null } | { readonly fault: string }

const longestDays = 36_525
const dayMilliseconds = 86_400_000

/** Reads a draft into what a body of the operators' routes says of a lifetime. */
export function readLifetime({ kind, days, until }: LifetimeDraft, now: number): ReadLifetime {
  if (kind === 'unlimited') return { said: null }
  if (kind === 'days') {
    const count = Number(days.trim())
    if (days.trim() === '' || !Number.isFinite(count) || count <= 0 || count > longestDays) {
      return { fault: `Days are a number above 0, of ${longestDays.toLocaleString('en')} at most.` }
    }
    return { said: { milliseconds: Math.max(1, Math.round(count * dayMilliseconds)) } }
  }
  const moment = new Date(until)
  if (Number.isNaN(moment.getTime())) return { fault: 'Give a date and a time.' }
  if (moment.getTime() <= now) return { fault: 'That moment is over: give one that is still to come.' }
  return { said: { until: moment.toISOString() } }
}
