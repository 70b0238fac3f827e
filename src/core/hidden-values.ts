/**
 * Longest text of a masked column's value that leaves the database, in bytes. How long a hidden value is can so decide nothing
 * about what is read, kept or cut: what is read of it is bounded by this, whatever else a statement asks for beside it.
 */
export const hiddenValueBytes = 8_192

/** How a masked value leaves the database, where the mask is applied to what is left of it. */
export type HiddenForm = 'nothing' | 'digest' | 'end' | 'start' | 'short'

/** Types whose values are texts of any length. */
const texts = /^(?:(?:tiny|medium|long)?text|character varying|varchar|(?:[\w"]+\.)?citext)\b(?!.*\[\])/i

/**
 * The least of a value that its mask needs: of `hash` a digest, of `partial` and of parts of dates an end of the text.
 * A value of another type than text leaves whole, or as null where its text is longer than `hiddenValueBytes`.
 */
export function hiddenForm(how: string, type: string): HiddenForm {
  if (how === 'null') return 'nothing'
  if (how === 'hash') return 'digest'
  if (!texts.test(type) || how === 'bucket') return 'short'
  return how === 'partial' ? 'end' : 'start'
}

/** Characters of an end or start: `partial` tells eight from fewer and shows four, a year has fewer than these. */
export const hiddenEndCharacters = 8
export const hiddenStartCharacters = 32
