import { InvalidArgumentError } from 'commander'
import { keyScopes, type KeyScope } from '../core/key-scopes.ts'
import type { KeyTerms } from '../service/sallyport.ts'
import { closest } from '../text/closest.ts'

const unitMilliseconds: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** A hundred years. */
const longest = 36_525 * 86_400_000

/** `90m`, `24h`, `30d` or `2w`, in milliseconds. */
export function duration(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,9})([mhdw])$/.exec(text) ?? []
  const milliseconds = Number(count) * (unitMilliseconds[unit] ?? 0)
  if (milliseconds < 1 || milliseconds > longest) {
    throw new InvalidArgumentError('It must be a number of m, h, d or w, like 24h or 30d, and at most a hundred years.')
  }
  return milliseconds
}

/** A duration, or a moment: a date begins at midnight UTC. */
export function lifetime(text: string): NonNullable<KeyTerms['expires']> {
  if (!text.includes('-')) return { milliseconds: duration(text) }
  const isForm = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?$/.test(text)
  const at = isForm ? new Date(text) : null
  // A day that its month does not have is moved into the next one.
  if (at === null || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(text.slice(0, 10))) {
    throw new InvalidArgumentError('It must be a date, like 2027-01-31, or a time in UTC, like 2027-01-31T18:00Z.')
  }
  return { until: at.toISOString() }
}

/** `ask,models` in the order of the closed set. */
export function scopeList(text: string): readonly KeyScope[] {
  const named = text.split(',').map((part) => part.trim())
  const strange = named.find((name) => !keyScopes.some((scope) => scope === name))
  if (strange !== undefined) {
    const near = closest(strange, keyScopes)
    const hint = near === null ? '' : ` Did you mean "${near}"?`
    throw new InvalidArgumentError(`There is no scope "${strange}".${hint} There are: ${keyScopes.join(', ')}.`)
  }
  return keyScopes.filter((scope) => named.includes(scope))
}
