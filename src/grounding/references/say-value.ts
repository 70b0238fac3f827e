import { directionMarks, joiners, tagCharacters, zeroWidth } from '../../text/hidden-characters.ts'
import type { ValueForm, ValueScale } from './reference.ts'
import type { Scalar } from './value-of.ts'

const number = /^-?(?:\d{1,400}(?:\.\d{1,400})?|\.\d{1,400})(?:e[+-]?\d{1,3})?$/i
/** Longer texts are not one value of a sentence. */
const longestText = 120
const hidden = new RegExp(`[\\p{Cc}\\u2028\\u2029${directionMarks}${zeroWidth}${joiners}${tagCharacters}]`, 'u')
/** What some reader makes a link of. */
const address = /[@\\]|\/\/|www\.|[\p{L}\p{N}][.\u3002\uff0e\uff61\u2024]\p{L}|\]\(|^\s*$/iu

const factors: Readonly<Record<ValueScale, { readonly exponent: number; readonly behind: string }>> = {
  '%': { exponent: 2, behind: '%' },
  thousand: { exponent: -3, behind: ' thousand' },
  million: { exponent: -6, behind: ' million' },
  billion: { exponent: -9, behind: ' billion' },
}

/**
 * A value as it stands in a sentence of Markdown; null where it may not: a text of several lines or too many characters, one that a reader
 * would make a link of, or one that was to be told as a number. Numbers are rounded half away from zero, to the digit, and grouped by threes
 * as soon as their decimals are said; without that they are told as they stand in the result.
 */
export function sayValue(value: Scalar, form: ValueForm): string | null {
  const text = String(value)
  const isPlain = form.decimals === null && form.scale === null
  if (typeof value !== 'boolean' && number.test(text)) return isPlain ? text : sayNumber(text, form)
  if (!isPlain || text.length > longestText || hidden.test(text) || address.test(text)) return null
  return inSentence(text)
}

function sayNumber(text: string, { decimals, scale }: ValueForm): string {
  const { exponent, behind } = scale === null ? { exponent: 0, behind: '' } : factors[scale]
  const [mantissa = text, given = '0'] = text.toLowerCase().split('e')
  const digits = decimals ?? (scale === null ? 0 : 1)
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  // As a text it is rounded as it is written, and not as the nearest double.
  const told = format.format(`${mantissa}e${Number(given) + exponent}` as `${number}`)
  return `${/[1-9]/.test(told) ? told : told.replace('-', '')}${behind}`
}

/** Text that Markdown makes nothing of; a mark within a word makes nothing by itself. */
function inSentence(text: string): string {
  return text
    .trim()
    .replaceAll(/[`*[\]<>&|~$!#{}]/g, String.raw`\$&`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
}
