import { isAsking } from './commands.ts'
import { classes } from './features.ts'
import { askersWords, personalWords } from './cues.ts'
import type { NameSpan } from './decode.ts'
import { isAddressed, isListed, isOf, type Read } from './find-names.ts'
import type { Line } from './lines.ts'
import { publicKindOf, type PublicKind } from './public-names.ts'
import { kinds, type Tokens } from './tokens.ts'

/** `Germany and Spain` are two countries; null where one of several is none, or another. */
function kindOfAll(name: string): PublicKind | null {
  const [first = null, ...rest] = name.split(severalNames).map(publicKindOf)
  return rest.every((kind) => kind === first) ? first : null
}
const severalNames = /,? (?:and|or|und|oder|et|ou|y|o) |, /

/** The name of a country, a language, a day or a program, of which nobody in the text is told by it. */
export function isOfNobody(span: NameSpan, read: Read, all: readonly NameSpan[], stretch: readonly Line[]): boolean {
  const { tokens } = read
  const nameOf = ({ from, to }: NameSpan) => tokens.text.slice(tokens.starts[from], tokens.ends[to - 1])
  const kind = kindOfAll(nameOf(span))
  const line = stretch.find(({ from, to }) => span.from >= from && span.from < to)
  if (kind === null || line === undefined || line.kind === 'field') return false
  if (kind === 'country') {
    // `Jordan` is somebody as often as a country.
    if (!isOf('location', span) && isGivenName(span, read)) return false
    if (line.kind !== 'prose' || all.some((other) => kindOfAll(nameOf(other)) === null)) return false
    return !isPersonal(tokens, line)
  }
  if (isAddressed(span, read, line)) return false
  if (kind === 'time') return !isOf('person', span) || !isListed(span, read)
  return kind !== 'product-or-person' || isBesideProduct(span, tokens, line)
}

/** Does somebody speak of people? `Tell me` and `for me` say only who wants to know. */
function isPersonal({ hashes }: Tokens, { from, to }: Line): boolean {
  for (let at = from; at < to; at += 1) {
    const word = hashes[at] as number
    if (personalWords.has(word)) return true
    if (askersWords.has(word) && at > from && !isAsking(hashes[at - 1] as number)) return true
  }
  return false
}

function isGivenName({ from, to }: NameSpan, { classes: known }: Read): boolean {
  return known.slice(from, to).some((bits) => (bits & classes.given) !== 0)
}

function isBesideProduct(span: NameSpan, { text, starts, ends, kinds: kindsOf }: Tokens, line: Line): boolean {
  for (let at = line.from; at < line.to; at += 1) {
    const isOther = kindsOf[at] === kinds.word && (at < span.from || at >= span.to)
    if (isOther && publicKindOf(text.slice(starts[at], ends[at]))?.startsWith('product') === true) return true
  }
  return false
}
