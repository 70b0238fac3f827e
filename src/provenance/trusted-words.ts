import { addressesIn, addressOf, withoutSentence, type AddressForm } from './forms.ts'
import { isSmall, stemOf, wordsOf } from './words.ts'

/** What people who are trusted wrote, as what tools are given can be compared with it. */
export interface TrustedWords {
  /** Sentences in the words of whoever asks, without what they quote. */
  readonly sentences: readonly string[]
  /** Does the text hold this value whole? An address must be the very same; a name must stand between other words. */
  says(value: string): boolean
  /** Does the text give this number as what names a thing: "ID 13", "file #13"? */
  saysNumber(value: string): boolean
  hasAddress(form: AddressForm): boolean
  /** Is one of these words in it, in any of its forms? */
  speaksOf(words: readonly string[]): boolean
  /** Does it speak of all of these, or of each? */
  speaksOfAll(words: readonly string[]): boolean
  /** What of these words is not in the text; small words and short numbers count as there. */
  missing(words: readonly string[]): readonly string[]
}

/** A quotation that is longer than this is something that was pasted: somebody else's words, which trust nobody. */
const longestName = 120

/** Reads texts of the person and the operator. Texts of anybody else must not be among them. */
export function readTrustedWords(texts: readonly string[]): TrustedWords {
  const own = texts.map(withoutPasted)
  const whole = ` ${own
    .map((part) => part.text)
    .join('\n')
    .replaceAll(/\s+/g, ' ')} `
  const lower = whole.toLowerCase()
  const found = addressesIn(whole)
  const addresses = new Set(found.flatMap(({ raw, compared }) => [compared, withoutSentence(raw) ?? compared]))
  const stems = new Set(wordsOf(whole).map(stemOf))
  const speaksOf = (words: readonly string[]) => words.some((word) => stems.has(stemOf(word)))
  return {
    sentences: own.flatMap((part) => sentencesOf(part.unquoted)),
    says: (value) => {
      const address = addressOf(value)
      if (address !== null) return addresses.has(address.compared)
      const name = value.trim().toLowerCase().replaceAll(/\s+/g, ' ')
      if (wordsOf(name).every(isSmall)) return false
      return standsIn(lower, name)
    },
    saysNumber: (value) =>
      /^[\w-]{1,40}$/.test(value) &&
      new RegExp(`(?:\\bid|\\bno\\.?|\\bnumber|#)[ :'"]*${escaped(value)}(?![\\w-])`, 'i').test(whole),
    hasAddress: (form) => found.some((address) => address.form === form),
    speaksOf,
    speaksOfAll: (named) => {
      const wanted = new Set(named.map(stemOf))
      return [...lower.matchAll(/\b(?:all|each|every)\b((?: [\p{L}']+){1,4})/gu)].some(([, after = '']) =>
        wordsOf(after).some((word) => wanted.has(stemOf(word))),
      )
    },
    missing: (words) => words.filter((word) => !isSmall(word) && !stems.has(stemOf(word))),
  }
}

function standsIn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const end = at + name.length
    // No part of a longer word, of an address or of a path.
    if (
      /[^\p{L}\p{N}_@./\\-]$/u.test(text.slice(Math.max(0, at - 2), at)) &&
      /^\.?[^\p{L}\p{N}_@./\\-]/u.test(text.slice(end, end + 3))
    )
      return true
  }
  return false
}

const closing: Readonly<Record<string, string>> = { '"': '"', '“': '”', '‘': '’', "'": "'", '«': '»', '`': '`' }

/** A text without what was pasted into it, and that without what it quotes besides. */
function withoutPasted(given: string): { readonly text: string; readonly unquoted: string } {
  const source = given.replaceAll(/```[\s\S]*?(?:```|$)/g, ' ').replaceAll(/^[ \t]*>.*$/gm, ' ')
  let text = ''
  let unquoted = ''
  let at = 0
  // Where no apostrophe ends a quotation any more, none is looked for again.
  let hasEnds = true
  while (at < source.length) {
    const end = source[at] === "'" && !hasEnds ? null : endOfQuotation(source, at)
    if (end === null && opensQuotation(source, at)) hasEnds = false
    if (end === null) {
      text += source[at]
      unquoted += source[at]
      at += 1
      continue
    }
    if (end - at <= longestName) text += source.slice(at, end)
    unquoted += ' '
    at = end
  }
  return { text, unquoted }
}

/** Where the quotation that begins here ends, behind its mark; null where none begins. One without an end goes to the end. */
function endOfQuotation(text: string, at: number): number | null {
  const mark = closing[text[at] ?? '']
  if (mark === undefined || !opensQuotation(text, at)) return null
  for (let end = text.indexOf(mark, at + 1); end >= 0; end = text.indexOf(mark, end + 1)) {
    // An apostrophe within a word ends nothing.
    if (mark !== "'" || !/[\p{L}\p{N}]/u.test(text[end + 1] ?? ' ')) return end + 1
  }
  return mark === "'" ? null : text.length
}

function opensQuotation(text: string, at: number): boolean {
  return (
    Object.hasOwn(closing, text[at] ?? '') &&
    !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ') &&
    /\S/.test(text[at + 1] ?? ' ')
  )
}

function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=[.!?;:])\s+|\n+/).filter((sentence) => sentence.trim() !== '')
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, '\\$&')
}
