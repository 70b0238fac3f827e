import { addressesIn, addressOf, withoutSentence, type AddressForm } from './address-forms.ts'
import { isEnglish } from './is-english.ts'
import { readOwnWords } from './own-words.ts'
import { isSmall, stemOf, wordsOf } from './words.ts'

/** What people who are trusted wrote, as what tools are given can be compared with it. */
export interface TrustedWords {
  /** By text, as one turn is: sentences in the words of whoever asks, without what they quote, and of what is to be worked on. */
  readonly turns: readonly TurnSentences[]
  /** Those of all turns that are surely theirs. */
  readonly sentences: readonly string[]
  /** Is all of it in English? What other texts ask for is not read. */
  readonly isEnglish: boolean
  /** Does the text hold this value whole? An address must be the very same; a name must stand between other words. */
  says(value: string): boolean
  /**
   * Does the text call something this? A name is quoted whole, or stands alone: "Sarah" is no name of "Sarah Connor", and
   * who quotes a name of a file, or of anything else, writes others of that sort with capitals. `whole` is the name where the value is a part of it.
   */
  names(value: string, whole?: string): boolean
  quotes(name: string): boolean
  /** Is it one of the numbers in the text? */
  holdsNumber(value: number): boolean
  /** Does the text hold this address anywhere, in a quotation too? */
  holds(address: string): boolean
  /** Does the text hold this, letter by letter or figure by figure, whatever stands between them? */
  tells(address: string): boolean
  /** Does the text give this number as what names a thing: "ID 13", "file #13"? What it is said of must be one of these words, or nothing. */
  saysNumber(value: string, of: readonly string[]): boolean
  hasAddress(form: AddressForm): boolean
  /** Is one of these words in it, in any of its forms? */
  speaksOf(words: readonly string[]): boolean
  /** Does it speak of all of these, or of each? */
  speaksOfAll(words: readonly string[]): boolean
  /** What of these words is not in the text; small words and short numbers count as there. */
  missing(words: readonly string[]): readonly string[]
}

/** What one text asks for, sentence by sentence. */
interface TurnSentences {
  readonly sentences: readonly string[]
  /** Sentences of a text that is to be worked on, by the look of it. */
  readonly doubtful: readonly string[]
}

/** Reads texts of the person and the operator. Texts of anybody else must not be among them. */
export function readTrustedWords(texts: readonly string[]): TrustedWords {
  const own = texts.map(readOwnWords)
  const whole = ` ${own
    .map((part) => part.text)
    .join('\n')
    .replaceAll(/\s+/g, ' ')} `
  const lower = whole.toLowerCase()
  const found = addressesIn(own.map((part) => part.named).join('\n'))
  const addresses = comparedOf(found)
  const quotations = new Set(own.flatMap((part) => part.quotations).map(plainName))
  const numbers = new Set(
    [...whole.matchAll(/(?<![\d.])\d+(?:[.,]\d+)*/g)].flatMap(([number]) => [
      Number(number.replaceAll(',', '')),
      Number(number.replace(',', '.')),
    ]),
  )
  const held = comparedOf(addressesIn(whole))
  const stems = new Set(wordsOf(whole).map(stemOf))
  let told: string | null = null
  const speaksOf = (words: readonly string[]) => words.some((word) => stems.has(stemOf(word)))
  const says = (value: string) => {
    const address = addressOf(value)
    if (address !== null) return addresses.has(address.compared)
    const name = plainName(value)
    if (wordsOf(name).every(isSmall)) return false
    return placesOf(lower, name).length > 0
  }
  const turns = own.map((part) => ({ sentences: sentencesOf(part.unquoted), doubtful: sentencesOf(part.doubtful) }))
  return {
    turns,
    sentences: turns.flatMap((turn) => turn.sentences),
    isEnglish: own.every((part) => isEnglish(part.unquoted)),
    says,
    names: (value, of = value) => {
      if (!says(value)) return false
      const name = plainName(value)
      if (quotations.has(name) || quotations.has(plainName(of)) || addressOf(value) !== null) return true
      const isStrict = [...quotations].some((other) => hasEnding(other) === hasEnding(of))
      return placesOf(lower, name).some((at) => standsAlone(whole, at, name.length, isStrict))
    },
    quotes: (name) => quotations.has(plainName(name)),
    holdsNumber: (value) => numbers.has(Math.abs(value)) && value >= 0,
    holds: (address) => addressesIn(address).every(({ compared }) => held.has(compared)),
    saysNumber: (value, of) => {
      // A word alone is no number: "the id in my notes".
      if (!/^[\w-]{1,40}$/.test(value) || !/\d/.test(value)) return false
      const stemsOf = new Set(of.map(stemOf))
      const given = new RegExp(
        `([^.!?\n]{0,60})(?:\\bid|\\bno\\.?|\\bnumber|#)[ :'"]*${escaped(value)}(?![\\w-])`,
        'gi',
      )
      return [...whole.matchAll(given)].some(([, before = '']) => {
        const named = wordsOf(before).findLast((word) => !isSmall(word) && !markers.has(word))
        return named === undefined || stemsOf.has(stemOf(named))
      })
    },
    tells: (address) => (told ??= onlyLetters(whole)).includes(onlyLetters(address)),
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

/** The letters and figures of a text, and signs of addresses. */
function onlyLetters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}@]+/gu, '')
}

const markers = new Set(['id', 'no', 'number'])

function comparedOf(found: ReturnType<typeof addressesIn>): ReadonlySet<string> {
  return new Set(found.flatMap(({ raw, compared }) => [compared, withoutSentence(raw) ?? compared]))
}

function hasEnding(name: string): boolean {
  return /\.[a-z0-9]{1,5}$/i.test(name)
}

function plainName(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, ' ')
}

/** Where it stands in the text: as no part of a longer word, of an address or of a path. */
function placesOf(text: string, name: string): readonly number[] {
  const places: number[] = []
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const end = at + name.length
    if (
      /[^\p{L}\p{N}_@./\\-]$/u.test(text.slice(Math.max(0, at - 2), at)) &&
      /^\.?[^\p{L}\p{N}_@./\\-]/u.test(text.slice(end, end + 3))
    )
      places.push(at)
  }
  return places
}

/** Is it no part of a longer name, and written as a name where others are quoted? */
function standsAlone(text: string, at: number, length: number, quotesNames: boolean): boolean {
  const itself = text.slice(at, at + length)
  const before = text.slice(Math.max(0, at - 80), at)
  if (/^\p{Lu}/u.test(itself)) {
    if (/^ \p{Lu}\p{L}/u.test(text.slice(at + length, at + length + 3))) return false
    if (/[^.!?:\s] \p{Lu}\p{L}+ $/u.test(before)) return false
  }
  return !quotesNames || /[\p{Lu}\p{N}._]/u.test(itself)
}

function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=[.!?;:])\s+|\n+/).filter((sentence) => sentence.trim() !== '')
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, '\\$&')
}
