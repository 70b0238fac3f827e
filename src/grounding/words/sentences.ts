import { tokensOf, type Token } from './tokens.ts'

/** A sentence of an answer, with its words. */
export interface Sentence {
  readonly start: number
  readonly end: number
  readonly tokens: readonly Token[]
  /** What stands over it: the names of the columns of a table in Markdown, for the cells of its rows. */
  readonly heads?: readonly { readonly start: number; readonly end: number; readonly text: string }[]
}

const ends =
  /(?<![\s(](?:approx|vs|no|nr|st|mr|mrs|ms|dr|ca|e\.g|i\.e|inc|jr|avg|resp|mio|mrd|tsd|bzw|z\.b))[.!?]["')\]*_]*\s+(?=[\p{Lu}\d"'(*_-])|\s[.!?;](?=\s|$)|;\s|\n+/giu

/** Splits a text where sentences end. A list's entry and a row of a table are sentences, too. */
export function sentencesOf(text: string): readonly Sentence[] {
  const found: Sentence[] = []
  let start = 0
  let heads: string[] | null = null
  const add = (end: number): void => {
    const line = text.slice(start, end)
    const row = /^\s*\|.*\|\s*$/.test(line)
    if (!row) heads = null
    if (line.trim() !== '') {
      const tokens = tokensOf(line, start)
      if (row && heads !== null) found.push({ start, end, tokens, heads: placed(line, start, heads) })
      else if (row) heads = cellsOf(line).map(({ text }) => text)
      else found.push({ start, end, tokens })
    }
  }
  for (const match of text.matchAll(ends)) {
    const end = match.index + match[0].length
    // Between the parts of a row no sentence ends.
    if (!match[0].includes('\n') && /^\s*\|/.test(text.slice(start, end))) continue
    // What goes on in small letters is the same sentence, whatever sign a name in it ends with.
    if (/^[.!?]/.test(match[0]) && !match[0].includes('\n') && /^\p{Ll}/u.test(text.slice(end))) continue
    add(end)
    start = end
  }
  add(text.length)
  return found
}

function cellsOf(line: string): { readonly start: number; readonly end: number; readonly text: string }[] {
  return [...line.matchAll(/[^|\n]+/g)]
    .map((match) => ({ start: match.index, end: match.index + match[0].length, text: match[0].trim() }))
    .filter(({ start }) => line.slice(0, start).includes('|'))
}

function placed(line: string, offset: number, heads: readonly string[]): NonNullable<Sentence['heads']> {
  return cellsOf(line).map(({ start, end }, index) => ({
    start: start + offset,
    end: end + offset,
    text: heads[index] ?? '',
  }))
}
