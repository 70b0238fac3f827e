import { randomBytes } from 'node:crypto'

/** What an id is of, as its beginning says. */
export type IdKind = 'conv' | 'run' | 'file' | 'cntr' | 'shr'

/**
 * `conv_` and 32 hexadecimal digits: 48 bits of the time in milliseconds, then 80 random ones. Ids sort by when they were made, so
 * that a list goes on behind an id whether or not that is still there.
 */
export function newId(kind: IdKind, now: number): string {
  return `${kind}_${Math.max(0, now).toString(16).padStart(12, '0').slice(-12)}${randomBytes(10).toString('hex')}`
}

/** Has it the form of an id of this kind? */
export function isId(kind: IdKind, text: string): boolean {
  return new RegExp(`^${kind}_[0-9a-f]{32}$`).test(text)
}
