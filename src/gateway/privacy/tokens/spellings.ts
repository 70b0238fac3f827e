import { textBefore } from '../../../text/text-before.ts'

/** The keyed part of a token is made of pairs of a consonant and a digit: no word of any language is written so. */
const consonants = 'BCDFGHJKMNPQRSTVWXYZ'
export const pairsOfKey = 5
/** Of a token that was cut, so many pairs have to be there. */
const fewestPairs = 3
/** How many different pairs there are. */
export const pairCount = consonants.length * 10

/** The pair with this number, 0 to `pairCount` - 1. */
export function pairOf(number: number): string {
  return `${consonants.charAt(Math.floor(number / 10))}${number % 10}`
}

/** A stretch of a text that reads as a token, written as it should be or in a way in which models write it. */
export interface Spelling {
  readonly start: number
  readonly end: number
  /** In capitals. */
  readonly label: string
  /** In capitals, without what was put in between: 10 characters, of a token that was cut at least 6. */
  readonly key: string
}

export interface Found {
  readonly spellings: readonly Spelling[]
  /** Where the text begins that a spelling could still be made of by what comes next; its length where there is none. */
  readonly undecided: number
}

interface FindOptions {
  readonly from?: number
  /** Does nothing come behind the text? */
  readonly isWhole?: boolean
  readonly form?: 'prose' | 'json'
}

interface Looking {
  readonly text: string
  /** Does nothing come behind the text? */
  readonly isWhole: boolean
}

/** `unfinished`: what comes behind the text decides; null: there is none. */
type Attempt = Spelling | 'unfinished' | null

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isWord = (code: number): boolean => isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

/** May a token begin at `at`? One that is put into a text never follows a letter or a digit of ASCII. */
export function isBoundary(text: string, at: number): boolean {
  return at === 0 || !isWord(text.charCodeAt(at - 1))
}

const lineEscape = /(?<!\\)(?:\\\\)*\\(?:[nrtbf]|u[0-9a-f]{4})$/i

/** Is what stands before `at` of a JSON text an escape, and none of its letters one of the text? */
export function endsWithEscape(text: string, at: number): boolean {
  // One of a letter, or of four digits behind a letter.
  if (text.charCodeAt(at - 2) !== backslash && text.charCodeAt(at - 6) !== backslash) return false
  return lineEscape.test(textBefore(text, at, charactersBefore))
}

const backslash = 92

/** May one begin at `at` of a JSON text, where a letter may be the end of an escape? */
function isBoundaryInJson(text: string, at: number): boolean {
  return isBoundary(text, at) || endsWithEscape(text, at)
}

/** So many characters before a place say whether a token may begin there. */
export const charactersBefore = 8

/** In either case of ASCII, as the keys of tokens are written: a long s is no consonant of one. */
const isConsonant = (character: string): boolean =>
  consonants.includes(character) || smallConsonants.includes(character)
const smallConsonants = consonants.toLowerCase()

/** What no text is without that holds a whole spelling. */
const twoPairs = /[b-df-hjkmnp-tv-z]\d[ -]?[b-df-hjkmnp-tv-z]\d/i

/** What models write between a label and its key: `EMAIL_…`, `EMAIL\_…`, `email-…`, `EMAIL _ …`. */
const separators = '_\\- '
const longestSeparator = 3
/** What they write between two pairs. */
const gaps = ' -'
/** Five pairs, what stands between them, and what the last one may still be told by. */
const longestKey = pairsOfKey * 3 + 2

/**
 * Finds what reads as a token. One function for both ways: what it finds in a text on its way in is replaced like a value,
 * so that what it finds in an answer is a token that was made for the text, or one that was never made.
 *
 * Accepted beside `EMAIL_B1C2D3F4G5`: any case; a blank, a hyphen or an escaped underscore for the underscore; one blank or
 * hyphen between two pairs; a key that is cut behind its third pair or later, where nothing but a plural's `s` is glued to
 * it. No label is the end of another one.
 */
export class Spellings {
  /** By the code of their first letter, large and small. */
  readonly #byFirst: (string[] | undefined)[] = Array.from({ length: 128 })
  /** No spelling, and nothing that could still become one, is longer. */
  #longest = 0

  constructor(labels: Iterable<string>) {
    for (const label of new Set(labels)) {
      this.#longest = Math.max(this.#longest, label.length + longestSeparator + longestKey)
      for (const letter of [label.slice(0, 1), label.slice(0, 1).toLowerCase()]) {
        const code = letter.charCodeAt(0)
        this.#byFirst[code] = [...(this.#byFirst[code] ?? []), label]
      }
    }
  }

  /** The spellings from `from` on, in their order; in `json` as its escapes have it. */
  find(text: string, { from = 0, isWhole = true, form = 'prose' }: FindOptions = {}): Found {
    const hasKey = twoPairs.test(text)
    if (isWhole && !hasKey) return { spellings: [], undecided: text.length }
    const mayBegin = form === 'json' ? isBoundaryInJson : isBoundary
    const spellings: Spelling[] = []
    const looking = { text, isWhole }
    // Without a key only the end of the text can be the beginning of a spelling.
    for (let at = hasKey ? from : Math.max(from, text.length - this.#longest); at < text.length; at += 1) {
      const labels = this.#byFirst[text.charCodeAt(at)]
      if (labels === undefined || !mayBegin(text, at)) continue
      const attempt = attemptAny(looking, at, labels)
      if (attempt === 'unfinished') return { spellings, undecided: at }
      if (attempt !== null) spellings.push(attempt)
    }
    return { spellings, undecided: text.length }
  }
}

function attemptAny(looking: Looking, at: number, labels: readonly string[]): Attempt {
  let result: Attempt = null
  for (const label of labels) {
    const attempt = attemptOne(looking, at, label)
    if (attempt === 'unfinished') result = attempt
    else if (attempt !== null) return attempt
  }
  return result
}

/** Does a letter of ASCII tell the text from the label? Most words are told from all labels by their first letters. */
function isOther(text: string, start: number, label: string): boolean {
  for (let at = 0; at < label.length; at += 1) {
    const code = text.charCodeAt(start + at)
    // Another letter may be one of the label in capitals: `emaıl`.
    if (!(code < 128)) return false
    const capital = code >= 97 && code <= 122 ? code - 32 : code
    if (capital !== label.charCodeAt(at)) return true
  }
  return false
}

function attemptOne(looking: Looking, start: number, label: string): Attempt {
  const { text, isWhole } = looking
  if (isOther(text, start, label)) return null
  const atEnd: Attempt = isWhole ? null : 'unfinished'
  const written = text.slice(start, start + label.length).toUpperCase()
  if (!label.startsWith(written)) return null
  if (written.length < label.length) return atEnd
  const from = start + label.length
  let at = from
  while (at - from < longestSeparator && at < text.length && separators.includes(text.charAt(at))) at += 1
  if (at === text.length) return atEnd
  return at === from ? null : attemptKey(looking, at, { start, label })
}

function attemptKey(
  { text, isWhole }: Looking,
  from: number,
  { start, label }: { readonly start: number; readonly label: string },
): Attempt {
  let key = ''
  let at = from
  while (key.length < pairsOfKey * 2) {
    const pairAt = key !== '' && gaps.includes(text.charAt(at)) ? at + 1 : at
    const pair = text.slice(pairAt, pairAt + 2)
    const isPossible = pair === '' || isConsonant(pair.charAt(0))
    if (!isWhole && pair.length < 2 && isPossible) return 'unfinished'
    if (pair.length < 2 || !isPossible || !isDigit(pair.charCodeAt(1))) break
    key += pair.toUpperCase()
    at = pairAt + 2
  }
  if (key.length === pairsOfKey * 2) return { start, end: at, label, key }
  if (key.length < fewestPairs * 2) return null
  // A cut key: behind it nothing is glued to it but a plural's "s", or the first half of the pair within which it was cut.
  if (!isWord(text.charCodeAt(at))) return { start, end: at, label, key }
  const after = text.charAt(at)
  if (isWord(text.charCodeAt(at + 1)) || !isConsonant(after)) return null
  const isPlural = after.toUpperCase() === 'S'
  return isPlural ? { start, end: at, label, key } : { start, end: at + 1, label, key: key + after.toUpperCase() }
}
