import type { SurrogateMaker } from '../surrogates/surrogate-maker.ts'
import { literalCategory } from '../tokens/labels.ts'
import { findNumbers } from '../tokens/number-places.ts'
import { isBoundary, type Spellings } from '../tokens/spellings.ts'
import type { TokenBook } from '../tokens/token-book.ts'

/** A text in which every value has its token. It is never masked again: its tokens would be taken for text. */
export type MaskedText = string & { readonly masked: unique symbol }

/** A value in a text, as offsets in UTF-16 units, the end exclusive. */
export interface ValueSpan {
  readonly start: number
  readonly end: number
  readonly category: string
}

export interface MaskedResult {
  readonly text: MaskedText
  /** What was replaced, in the order of the text. */
  readonly replaced: readonly ValueSpan[]
}

interface MaskTextOptions {
  readonly book: TokenBook
  readonly spellings: Spellings
  /** Of the kinds whose values get surrogates; null where all get tokens. */
  readonly surrogates?: SurrogateMaker | null
}

/**
 * The text with tokens, or surrogates, in the place of its values. What reads as a token, or as a surrogate or a number that
 * lives, is replaced, too, whether or not a token like it was made: whatever one is found for in an answer was put there by
 * this function, so that restoring an echo of the result gives the text back to the letter.
 */
export function maskText(text: string, spans: readonly ValueSpan[], options: MaskTextOptions): MaskedResult {
  const { book, spellings, surrogates = null } = options
  const numbers = findNumbers(text, { book }).places
  const live = [...spellings.find(text).spellings, ...book.surrogates.find(text).places, ...numbers]
  const literals = live.map(({ start, end }) => ({ start, end, category: literalCategory }))
  if (spans.length === 0 && literals.length === 0) return { text: text as MaskedText, replaced: [] }
  const replaced = disjoint(text, [...spans, ...literals])
  const asDetected = new Set(surrogates === null ? [] : spans.map(({ start, end }) => `${start} ${end}`))
  for (const maker of surrogates === null ? [null] : [surrogates, null]) {
    let masked = ''
    let at = 0
    for (const { start, end, category: given } of replaced) {
      const value = text.slice(start, end)
      const category = book.kindOf(given, value)
      // What more than one detector's finding makes up has the form of neither.
      const surrogate = asDetected.has(`${start} ${end}`) ? maker?.for(category, value) : null
      masked += text.slice(at, start) + (surrogate ?? book.tokenFor(category, value))
      at = end
    }
    masked += text.slice(at)
    if (restores(masked, text, { book, spellings })) return { text: masked as MaskedText, replaced }
  }
  // What stands between two values made a token with them.
  const whole = { start: 0, end: text.length, category: literalCategory }
  return { text: book.tokenFor(literalCategory, text) as MaskedText, replaced: [whole] }
}

/**
 * A token does not follow a letter or a digit of ASCII, with which it would not be read as one: those are in it, as far as
 * they do not belong to the span that ends at `floor`.
 */
function widened(text: string, { start, end, category }: ValueSpan, floor: number): ValueSpan {
  let from = start
  while (from > floor && !isBoundary(text, from)) from -= 1
  // Neither half of a pair of surrogates is a text.
  const isHalved = isHighSurrogate(text.charCodeAt(end - 1)) && isLowSurrogate(text.charCodeAt(end))
  const isHalvedBefore = isLowSurrogate(text.charCodeAt(from)) && isHighSurrogate(text.charCodeAt(from - 1))
  return { start: isHalvedBefore ? from - 1 : from, end: isHalved ? end + 1 : end, category }
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

/** In order, and those that overlap or touch as one, since no token may stand right behind another: its kind is that of the longest of them. */
function disjoint(text: string, spans: readonly ValueSpan[]): readonly ValueSpan[] {
  const result: ValueSpan[] = []
  let longest = 0
  for (const given of [...spans].sort((one, other) => one.start - other.start || other.end - one.end)) {
    if (given.end <= given.start) continue
    const last = result.at(-1)
    const span = widened(text, given, last?.end ?? 0)
    const length = given.end - given.start
    if (last === undefined || span.start > last.end) {
      result.push(span)
      longest = length
      continue
    }
    const category = length > longest ? span.category : last.category
    longest = Math.max(longest, length)
    result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end), category }
  }
  return result
}

/** Does reading the tokens, surrogates and numbers of the masked text give the text? */
function restores(
  masked: string,
  text: string,
  { book, spellings }: { readonly book: TokenBook; readonly spellings: Spellings },
): boolean {
  let restored = ''
  let at = 0
  const tokens = spellings.find(masked).spellings.map((spelling) => {
    return { start: spelling.start, end: spelling.end, value: book.meant(spelling)?.value ?? null }
  })
  const others = [...book.surrogates.find(masked).places, ...findNumbers(masked, { book }).places]
  const places = [...tokens, ...others].sort((one, other) => one.start - other.start)
  for (const { start, end, value } of places) {
    if (value === null || start < at) continue
    restored += masked.slice(at, start) + value
    at = end
  }
  return restored + masked.slice(at) === text
}
