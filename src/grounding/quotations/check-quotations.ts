import { nearestWords } from './nearest-words.ts'
import { quotedPassages, type QuotedPassage } from './quoted-passages.ts'
import { indexOfWords, indexWithin, wordList, type WordList } from './word-list.ts'

/** Where a passage stands: the number of the text, from 0, and offsets in it. */
export interface QuotedPlace {
  readonly text: number
  readonly start: number
  readonly end: number
}

/**
 * What became of one passage. `found`: its words stand in a text, in this order; `misquoted`: nearly all of them do, and others beside them;
 * `missing`: in none.
 */
export type Quotation = Pick<QuotedPassage, 'start' | 'end'> &
  (
    | { readonly verdict: 'found'; readonly place: QuotedPlace }
    | { readonly verdict: 'misquoted'; readonly place: QuotedPlace }
    | { readonly verdict: 'missing' }
  )

/** Passages of one answer that are checked. */
export const mostQuotations = 200
/** Words that an ellipsis may stand for: what stands further apart says nothing together. */
const widestGap = 100
/** Places at which the first part of a passage with gaps is tried. */
const mostTries = 100
const ellipsis = /\s*[[(]?\s*(?:…|\.{3,}|\. \. \.)\s*[\])]?\s*/u

/**
 * The passages that an answer quotes, held against some texts. An ellipsis stands for words that are left out; a passage that is a part of the
 * request's own words is nobody's claim and is not among them.
 */
export function checkQuotations(
  answer: string,
  texts: readonly WordList[],
  ownWords: readonly WordList[],
): { readonly quotations: readonly Quotation[]; readonly isCut: boolean } {
  const passages = quotedPassages(answer)
  const quotations = passages.slice(0, mostQuotations).flatMap(({ start, end, words }): Quotation[] => {
    const parts = partsOf(words)
    const place = placeIn(texts, parts)
    if (place !== null) return [{ start, end, verdict: 'found', place }]
    if (placeIn(ownWords, parts) !== null) return []
    const meant = meantIn(texts, parts.flat())
    return [meant === null ? { start, end, verdict: 'missing' } : { start, end, verdict: 'misquoted', place: meant }]
  })
  return { quotations, isCut: passages.length > mostQuotations }
}

function partsOf(words: string): readonly (readonly string[])[] {
  return words
    .split(ellipsis)
    .map((part) => wordList(part).words)
    .filter(({ length }) => length > 0)
}

function placeIn(texts: readonly WordList[], parts: readonly (readonly string[])[]): QuotedPlace | null {
  for (const [at, list] of texts.entries()) {
    const span = spanIn(list, parts)
    if (span !== null) return placeOf(list, at, span)
  }
  return null
}

/** Where the parts stand behind one another; the first begins at each of its places in turn. */
function spanIn(
  list: WordList,
  [first = [], ...others]: readonly (readonly string[])[],
): { readonly first: number; readonly last: number } | null {
  let tries = 0
  for (let at = indexOfWords(list, first); at >= 0; at = indexOfWords(list, first, at + 1)) {
    if ((tries += 1) > mostTries) return null
    let end: number | null = at + first.length
    for (const part of others) {
      const next: number = indexWithin(list, part, end, widestGap)
      if (next < 0) {
        end = null
        break
      }
      end = next + part.length
    }
    if (end !== null) return { first: at, last: end - 1 }
  }
  return null
}

function meantIn(texts: readonly WordList[], words: readonly string[]): QuotedPlace | null {
  for (const [at, list] of texts.entries()) {
    const span = nearestWords(list, words)
    if (span !== null) return placeOf(list, at, span)
  }
  return null
}

function placeOf(
  { starts, ends }: WordList,
  text: number,
  { first, last }: { readonly first: number; readonly last: number },
): QuotedPlace {
  return { text, start: starts[first] ?? 0, end: ends[last] ?? 0 }
}
