import { isAsking } from './commands.ts'
import { classes } from './features.ts'
import { askersWords, personalWords } from './cues.ts'
import type { NameSpan } from './decode.ts'
import { isAddressed, isListed, isOf, type Read } from './find-names.ts'
import { lineAt, type Line } from './lines.ts'
import { publicKindOf, type PublicKind } from './public-names.ts'
import type { Tokens } from './tokens.ts'

/** `Germany and Spain` are two countries; null where one of several is none, or another. */
function kindOfAll(name: string): PublicKind | null {
  const [first = null, ...rest] = name.split(severalNames).map(publicKindOf)
  return rest.every((kind) => kind === first) ? first : null
}
const severalNames = /,? (?:and|or|und|oder|et|ou|y|o) |, /

/** The name of a country, a language, a day or a program, of which nobody in the text is told by it. */
export function isOfNobody(span: NameSpan, read: Read, all: readonly NameSpan[], lines: readonly Line[]): boolean {
  const { tokens } = read
  const nameOf = ({ from, to }: NameSpan) => tokens.text.slice(tokens.starts[from], tokens.ends[to - 1])
  const kind = kindOfAll(nameOf(span))
  const line = lineAt(lines, span.from)
  if (kind === null || line === undefined || line.kind === 'field') return false
  if (kind === 'country') {
    // `Jordan` is somebody as often as a country.
    if (!isOf('location', span) && isGivenName(span, read)) return false
    if (line.kind !== 'prose' || all.some((other) => kindOfAll(nameOf(other)) === null)) return false
    return !isPersonal(tokens, line)
  }
  if (isAddressed(span, read)) return false
  if (kind === 'time') return !isOf('person', span) || !isListed(span, read)
  return kind !== 'product-or-person' || isBesideProduct(span, tokens, line)
}

/** Does somebody speak of people? `Tell me` and `for me` say only who wants to know. */
function isPersonal({ hashes }: Tokens, { from, to }: Line): boolean {
  const words = hashes.slice(from, to)
  const isAsker = (at: number) => at === 0 || isAsking(words[at - 1] as number)
  return words.some((word, at) => personalWords.has(word) || (askersWords.has(word) && !isAsker(at)))
}

function isGivenName({ from, to }: NameSpan, { classes: known }: Read): boolean {
  return known.slice(from, to).some((bits) => (bits & classes.given) !== 0)
}

function isBesideProduct(span: NameSpan, { text, starts, ends }: Tokens, line: Line): boolean {
  const isProduct = (start: number, at: number) =>
    publicKindOf(text.slice(start, ends[at]))?.startsWith('product') === true
  const isAny = (from: number, to: number) =>
    starts.slice(from, to).some((start, index) => isProduct(start, from + index))
  return isAny(line.from, span.from) || isAny(span.to, line.to)
}
