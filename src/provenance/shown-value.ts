import { cutText } from '../text/cut-text.ts'
import { unseen } from '../text/hidden-characters.ts'
import { addressesIn } from './address-forms.ts'

/** Of a value that is longer than both, its beginning and its end. */
const longestBeginning = 150
const longestEnd = 50
/** Of addresses between them. */
const mostAddresses = 3
const longestAddress = 100

/**
 * A value as a person can judge it who is asked whether it may be used: between quotation marks, of which nothing in it is taken for
 * one. What is not seen, or looks like something else, is written as its number. Of a long value it says how long it is, and
 * shows its beginning, its end and those addresses that `isSaid` does not know, since these are what is asked about.
 */
export function shownValue(value: string, isSaid: (address: string) => boolean): string {
  if (value.length <= longestBeginning + longestEnd) return quoted(value)
  const end = value.slice(-longestEnd).replace(/^[\udc00-\udfff]/, '')
  const whole = `${quoted(cutText(value, longestBeginning))} … ${quoted(end)}, ${value.length} characters in all`
  const addresses = addressesIn(value.slice(longestBeginning - longestAddress))
    .map(({ raw }) => raw)
    .filter((address) => !isSaid(address))
  if (addresses.length === 0) return whole
  const named = addresses.slice(0, mostAddresses).map((address) => quoted(cutText(address, longestAddress)))
  const more = addresses.length > mostAddresses ? ` and ${addresses.length - mostAddresses} more` : ''
  return `${whole}, with ${named.join(', ')}${more}`
}

/** A name as a person can read it, on one line. */
export function shownName(name: string): string {
  return withNumbers(cutText(name, 80).replaceAll(/\s+/g, ' '))
}

/** A quotation of JSON: a quotation mark, a backslash and a line end in it are escaped there. */
function quoted(text: string): string {
  return withNumbers(JSON.stringify(text))
}

const hidden = new RegExp(`(?! )[${unseen}]`, 'gu')
/** Letters and figures of a font of their own, which are read as those of the keyboard. */
const lookalike = /[\p{L}\p{N}]/gu
const word = /[\p{L}\p{M}\p{N}]+/gu
const resembling = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/gu

function withNumbers(text: string): string {
  const seen = text.replaceAll(hidden, numberOf)
  // oxlint-disable-next-line no-control-regex -- what is of ASCII alone looks like nothing else
  if (/^[\u0000-\u007f]*$/.test(seen)) return seen
  return seen
    .replaceAll(word, (letters) =>
      /\p{Script=Latin}/u.test(letters) ? letters.replaceAll(resembling, numberOf) : letters,
    )
    .replaceAll(lookalike, (letter) =>
      letter > '\u007f' && /^[\w]+$/.test(letter.normalize('NFKC')) ? numberOf(letter) : letter,
    )
}

function numberOf(letter: string): string {
  return `\\u{${letter.codePointAt(0)!.toString(16)}}`
}
