import { stemOf } from '../../provenance/words.ts'

/** A run of letters or of digits. */
export interface Token {
  readonly start: number
  readonly end: number
  /** In small letters, without accents. */
  readonly text: string
}

const run = /[\p{L}\p{M}]+|\p{Nd}+/gu
// oxlint-disable-next-line no-control-regex -- All of ASCII is meant.
const plain = /^[\x00-\x7f]*$/
const stems = new Map<string, string>()

export function fold(text: string): string {
  const small = text.toLowerCase()
  if (plain.test(small)) return small
  return small
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
}

/** The words of a text, with their places in what it is a part of: so far from the beginning as `offset` says. */
export function tokensOf(text: string, offset = 0): readonly Token[] {
  const found: Token[] = []
  for (const match of text.matchAll(run)) {
    const [word] = match
    const start = match.index + offset
    found.push({ start, end: start + word.length, text: fold(word) })
  }
  return found
}

/** One form for texts that differ in capitals, accents, blanks and signs between words alone: "Jean - Marie" is "jean marie". */
export function spokenForm(text: string): string {
  const runs = text.match(run)
  return runs === null ? '' : fold(runs.join(' '))
}

/** The stem of a folded word. Kept for the words that come again and again. */
export function stem(word: string): string {
  let found = stems.get(word)
  if (found === undefined) {
    if (stems.size > 20_000) stems.clear()
    found = stemOf(word)
    stems.set(word, found)
  }
  return found
}
