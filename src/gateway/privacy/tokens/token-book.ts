import type { KeyObject } from 'node:crypto'
import { LiveSurrogates } from '../surrogates/live-surrogates.ts'
import { canonicalOf, textsOf } from './canonical.ts'
import { literalCategory, type Labels } from './labels.ts'
import { digestBy, keyedPairs, pairsOfValue, pairsText } from './keyed-pairs.ts'
import { pairsOfKey, type Spelling } from './spellings.ts'

/** A value and the token that stands for it. */
export interface TokenEntry {
  readonly token: string
  readonly category: string
  /** As it was written. */
  readonly value: string
  /** Has it the form of a value, and not that of a token? */
  readonly isSurrogate?: boolean
}

const shortestCut = 6

/**
 * The values of one conversation and their tokens. A token is the label of the value's kind and five pairs by HMAC-SHA-256
 * of label and value under the conversation's key: the same value has the same token for as long as the key lives, another
 * conversation's token for it is another, and nobody without the key can tell or test a value by its token.
 */
export class TokenBook {
  /** Those that stand for values of the conversation in the form of these. */
  readonly surrogates = new LiveSurrogates()
  readonly #key: KeyObject
  readonly #labels: Labels
  readonly #byValue = new Map<string, TokenEntry>()
  readonly #byToken = new Map<string, TokenEntry>()
  readonly #byNumber = new Map<string, TokenEntry>()
  readonly #numberOf = new Map<string, TokenEntry>()
  /** The kind that a text was given first. */
  readonly #kindOf = new Map<string, string>()
  /** Made when the first digits are looked up. */
  #numbersInOrder: readonly string[] | null = null
  /** By the shortest cut of the token; made when the first cut token is looked up. */
  #byCut: Map<string, TokenEntry[]> | null = null

  /** `key`: of 32 bytes. */
  constructor(key: KeyObject, labels: Labels) {
    this.#key = key
    this.#labels = labels
  }

  get size(): number {
    return this.#byToken.size + this.#byNumber.size + this.surrogates.size
  }

  /** Numbers that stand for numbers, by their digits. */
  get numbers(): ReadonlyMap<string, TokenEntry> {
    return this.#byNumber
  }

  /** Could these digits be the beginning of a number that stands for another, or the whole of it? */
  beginsNumber(digits: string): boolean {
    const ordered = (this.#numbersInOrder ??= [...this.#byNumber.keys()].sort())
    let [from, to] = [0, ordered.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((ordered[middle] ?? '') < digits) from = middle + 1
      else to = middle
    }
    return ordered[from]?.startsWith(digits) === true
  }

  *entries(): Iterable<TokenEntry> {
    yield* this.#byToken.values()
    yield* this.#byNumber.values()
    yield* this.surrogates.entries()
  }

  /**
   * The kind of a value in this conversation: the one it was given first, whatever it is taken for later. `12345678` is not
   * two values where one message calls it a telephone number and another one an account.
   */
  kindOf(category: string, value: string): string {
    if (category === literalCategory) return category
    for (const text of textsOf(category, value)) {
      const known = this.#kindOf.get(text)
      if (known !== undefined) return known
    }
    return category
  }

  /** The token for a value, made where there is none yet. */
  tokenFor(given: string, value: string): string {
    const category = this.kindOf(given, value)
    const label = this.#labels.of(category)
    const named = `${label}\0${value}`
    const known = this.#byValue.get(named)
    if (known !== undefined) return known.token
    for (let attempt = 0; ; attempt += 1) {
      const token = `${label}_${attempt === 0 ? this.#usualKey(label, category, value) : this.#otherKey(named, attempt)}`
      if (this.#byToken.has(token)) continue
      this.add({ token, category, value })
      return token
    }
  }

  /** A number with as many digits for the digits of a number; one that is not said in the request. */
  numberFor(category: string, digits: string, isSaid: (digits: string) => boolean): string {
    const known = this.#numberOf.get(digits)
    if (known !== undefined) return known.token
    for (let attempt = 0; ; attempt += 1) {
      const token = this.#digits(`number ${attempt}\0${digits}`, digits.length)
      if (token === digits || this.#byNumber.has(token) || isSaid(token)) continue
      this.add({ token, category, value: digits })
      return token
    }
  }

  /** Takes over an entry that was made before, with the same key. */
  add(entry: TokenEntry): void {
    this.#noteKind(entry)
    if (entry.isSurrogate === true) {
      this.surrogates.add(entry, `${entry.category}\0${canonicalOf(entry.category, entry.value)}`)
      return
    }
    if (/^\d+$/.test(entry.token)) {
      this.#byNumber.set(entry.token, entry)
      this.#numberOf.set(entry.value, entry)
      this.#numbersInOrder = null
      return
    }
    const label = entry.token.slice(0, entry.token.lastIndexOf('_'))
    this.#byToken.set(entry.token, entry)
    this.#byValue.set(`${label}\0${entry.value}`, entry)
    this.#byCut = null
  }

  #noteKind({ category, value }: TokenEntry): void {
    if (category === literalCategory) return
    for (const text of textsOf(category, value)) if (!this.#kindOf.has(text)) this.#kindOf.set(text, category)
  }

  /** A whole number below 2^48 by a text, under the conversation's key. */
  numberBy(text: string): number {
    return digestBy(this.#key, text).readUIntBE(0, 6)
  }

  /** The entry that is meant: of a cut token the only one that it fits, or the first spelling of the only value. */
  meant({ label, key }: Pick<Spelling, 'label' | 'key'>): TokenEntry | null {
    if (key.length === pairsOfKey * 2) return this.#byToken.get(`${label}_${key}`) ?? null
    this.#byCut ??= Map.groupBy(this.#byToken.values(), ({ token }) => cutOf(token))
    const fitting = (this.#byCut.get(`${label}_${key.slice(0, shortestCut)}`) ?? []).filter(({ token }) =>
      token.startsWith(`${label}_${key}`),
    )
    const [first] = fitting
    if (first === undefined) return null
    const sameValue = first.token.slice(0, first.token.length - (pairsOfKey - pairsOfValue) * 2)
    return fitting.every(({ token }) => token.startsWith(sameValue)) ? first : null
  }

  #usualKey(label: string, category: string, value: string): string {
    const canonical = canonicalOf(category, value)
    const ofValue = keyedPairs(this.#key, pairsText(label, canonical))
    const ofSpelling = canonical === value ? ofValue : keyedPairs(this.#key, `spelling\0${label}\0${value}`)
    return ofValue.slice(0, pairsOfValue * 2) + ofSpelling.slice(pairsOfValue * 2)
  }

  /** Where the usual one stands for something else. The values of a conversation come in the same order in every turn. */
  #otherKey(named: string, attempt: number): string {
    return keyedPairs(this.#key, `attempt ${attempt}\0${named}`)
  }

  /** The first of them is no zero, with which no number of JSON begins. */
  #digits(text: string, count: number): string {
    let digits = ''
    for (let block = 0; digits.length < count; block += 1) {
      const digest = digestBy(this.#key, `${text}\0${block}`)
      for (let at = 0; at < 32; at += 4) {
        const number = digest.readUInt32BE(at)
        digits += digits === '' ? String(1 + (number % 9)) : String(number % 10)
      }
    }
    return digits.slice(0, count)
  }
}

const cutOf = (token: string): string => token.slice(0, token.lastIndexOf('_') + 1 + shortestCut)
