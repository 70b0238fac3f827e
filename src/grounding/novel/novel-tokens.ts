import { readFigures } from '../figures/read-figures.ts'
import { withoutCode } from '../quotations/quoted-passages.ts'
import { fold, tokensOf } from '../words/tokens.ts'
import { isCommon } from './content-words.ts'
import type { KnownWords } from './known-words.ts'

/** Something of an answer that has to come from somewhere. Offsets in UTF-16 units. */
export interface SaidToken {
  readonly start: number
  readonly end: number
  readonly kind: 'number' | 'percent' | 'money' | 'date' | 'rank' | 'identifier' | 'name'
  readonly isKnown: boolean
}

/** Tokens of one answer that are looked up. */
export const mostTokens = 600

/** Addresses, names of files and of things in programs, numbers of articles and versions: what nobody writes otherwise. */
const identifiers: readonly RegExp[] = [
  /\b(?:https?|ftp):\/\/[^\s<>()"'`]{1,500}/giu,
  /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+/gu,
  /\b10\.\d{4,9}\/[^\s<>()"'`]{1,100}/gu,
  /(?<![\w/])(?:[\w.-]{1,64}\/){1,12}[\w-]{1,64}\.\w{1,8}\b/gu,
  /\b[\w-]{1,64}\.(?:csv|tsv|xlsx?|jsonl?|parquet|png|jpe?g|svg|pdf|py|sql|txt|md|html?|ya?ml|ts|js|go|rs|java|toml|sh)\b/giu,
  /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/giu,
  /\bv?\d{1,6}(?:\.\d{1,6}){2,4}\b/gu,
  /(?<![\w-])(?=[\w-]{3})(?:\p{L}[\w-]{0,40}\d|\d[\w-]{0,40}\p{Lu})[\w-]{0,40}/gu,
  /(?<![\w-])\p{L}{1,40}_[\p{L}\p{N}_]{1,64}/gu,
  /\b\p{Lu}{2,10}s?\b/gu,
]

/** Words that begin with a capital and are no names by it. */
const capitals = new Set(
  (
    'i ii iii iv v vi ok tl dr fyi mr mrs ms dr prof monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december ' +
    'note summary overview conclusion answer table figure section step yes no source sources document documents'
  ).split(' '),
)

const name =
  /\p{Lu}[\p{L}\p{M}]*(?:[’'-][\p{L}\p{M}]+)*(?:[ \t]+(?:(?:of|de|du|der|von|van|da|del|la|le|the|and)[ \t]+){0,2}\p{Lu}[\p{L}\p{M}]*(?:[’'-][\p{L}\p{M}]+)*){0,5}/gu
const beginsSentence = /(?:^|[.!?:;…]["”’)\]*_]*\s+|\n\s*(?:[-*+>#|]+|\d{1,3}[.)])?\s*|[“"„«‘(*_]+)$/u
/** Of the words of an answer, how many may begin with a capital for capitals to say anything. */
const mostCapitals = 0.25

/** The figures, dates, identifiers and names of an answer, and whether some texts have them. Marks do not overlap. */
export function saidTokens(
  answer: string,
  known: KnownWords,
): { readonly tokens: readonly SaidToken[]; readonly isCut: boolean } {
  const text = withoutCode(answer)
  const found: SaidToken[] = []
  const taken = new Uint8Array(text.length)
  const isFree = (start: number, end: number): boolean => !taken.subarray(start, end).includes(1)
  const add = (token: SaidToken): void => {
    taken.fill(1, token.start, token.end)
    found.push(token)
  }
  for (const pattern of identifiers) {
    for (const { 0: written, index } of text.matchAll(pattern)) {
      const sign = written.replace(/[.,;:!?]+$/, '')
      const end = index + sign.length
      if (capitals.has(fold(sign)) || !isFree(index, end)) continue
      if (found.length > mostTokens) break
      const isKnown = known.holds(sign) || known.holds(sign.replace(/^v(?=\d)/, '')) || isAbbreviated(sign, known)
      add({ start: index, end, kind: 'identifier', isKnown })
    }
  }
  for (const figure of readFigures(text)) {
    if (figure.weak || figure.kind === 'literal' || !isFree(figure.start, figure.end)) continue
    if (found.length > 2 * mostTokens) break
    add({ start: figure.start, end: figure.end, kind: figure.kind, isKnown: known.hasFigure(figure) })
  }
  if (saysByCapitals(text)) for (const token of namesOf(text, known)) if (isFree(token.start, token.end)) add(token)
  const ordered = found.toSorted((one, other) => one.start - other.start)
  return { tokens: ordered.slice(0, mostTokens), isCut: ordered.length > mostTokens }
}

/** "WHO" of a text that has the World Health Organization. */
const isAbbreviated = (sign: string, known: KnownWords): boolean =>
  /^\p{Lu}+s?$/u.test(sign) && (known.hasInitials(sign.replace(/s$/, '')) || known.hasWord(fold(sign)))

/** Headings, lists of titles and German, where capitals are no sign of a name. */
function saysByCapitals(text: string): boolean {
  const words = text.match(/(?<![.!?:]\s|^)\b\p{L}{2,}/gmu) ?? []
  return words.filter((word) => /^\p{Lu}/u.test(word)).length <= mostCapitals * words.length + 2
}

function* namesOf(text: string, known: KnownWords): Generator<SaidToken> {
  for (const { 0: written, index } of text.matchAll(name)) {
    const line = text.slice(text.lastIndexOf('\n', index) + 1, index)
    if (/^\s*#/.test(line)) continue
    const isFirst = beginsSentence.test(text.slice(Math.max(0, index - 40), index))
    const tokens = tokensOf(written).filter(({ text: word }) => !isCommon(word) && !capitals.has(word))
    // A word that begins a sentence has its capital from that.
    const asked = isFirst ? tokens.filter(({ start }) => start > 0) : tokens
    if (asked.length === 0) continue
    const isKnown = asked.every(({ text: word }) => known.hasWord(word))
    const [first, last] = [tokens[0], tokens.at(-1)]
    if (first === undefined || last === undefined) continue
    yield { start: index + first.start, end: index + last.end, kind: 'name', isKnown }
  }
}
