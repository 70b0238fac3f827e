/** A word of a text, as it is written there: `end` exclusive, in UTF-16 units. */
export interface WrittenWord {
  readonly start: number
  readonly end: number
  /** Its letters, with what is percent-encoded of them read. */
  readonly written: string
}

/** A blank or a sign in an address, or letters and digits, of which those beyond ASCII may be percent-encoded. */
const wordOrSign = /%[2-7][\da-f]|(?:[\p{L}\p{M}\p{N}]|%[c-e][\da-f](?:%[89ab][\da-f])+)+/giu

/** The words of a text in their order. */
export function* wordsOf(text: string): Generator<WrittenWord> {
  for (const { 0: found, index: start } of text.matchAll(wordOrSign)) {
    if (!found.includes('%')) yield { start, end: start + found.length, written: found }
    else if (found.length > 3) yield { start, end: start + found.length, written: decoded(found) }
  }
}

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

const ascii = /^[\p{ASCII}]*$/u
const alone: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/** What the ways of writing one word have in common: small letters without accents. */
export function foldWord(word: string): string {
  const lower = word.toLowerCase()
  if (ascii.test(lower)) return lower
  return lower
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => alone[letter] ?? letter)
}

/** The same where German umlauts are written with an `e`, as in addresses. */
export function foldUmlauts(word: string): string {
  return foldWord(
    word
      .normalize('NFC')
      .toLowerCase()
      .replace(/[äöü]/g, (letter) => `${foldWord(letter)}e`),
  )
}

export type WordCase = 'lower' | 'capitals' | 'capitalized' | 'other' | 'none'

/** How a word is written; `none` for one that has no small and large letters. */
export function caseOf(word: string): WordCase {
  const [lower, upper] = [word.toLowerCase(), word.toUpperCase()]
  if (lower === upper) return 'none'
  if (word === lower) return 'lower'
  const [first = ''] = word
  const rest = word.slice(first.length)
  // A capital letter alone is the beginning of a word.
  if (word === upper && rest !== '') return 'capitals'
  return first === first.toUpperCase() && rest === rest.toLowerCase() ? 'capitalized' : 'other'
}
