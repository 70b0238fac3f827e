import type { Match } from '../text-filter.ts'
import { isAsking } from './commands.ts'
import { addressingPairs, addressingWords, introducingWords } from './cues.ts'
import type { NameReader, NameSpan } from './decode.ts'
import { classes } from './features.ts'
import { longestLabel, meaningOf } from './field-names.ts'
import { nameKinds, type NameKind } from './labels.ts'
import { lineAt, linesOf, type Line, type Stretch } from './lines.ts'
import type { NamesModel } from './model.ts'
import { isOfNobody } from './of-nobody.ts'
import { careFor, type Care } from './technical-share.ts'
import { kinds, shapes, Tokens } from './tokens.ts'

export interface NamesLibrary {
  readonly model: NamesModel
  readonly reader: NameReader
}

/** More tokens are read in pieces. */
const longestStretch = 1_500

export interface Read {
  readonly tokens: Tokens
  readonly classes: Uint8Array
  /** Does whoever wrote it write no capital letters at all? */
  readonly isSmall: boolean
}

/** Names of persons, organizations and places and postal addresses in what of a text is written for people. */
export function findNames(
  text: string,
  { model, reader }: NamesLibrary,
  isWanted: (start: number, end: number) => boolean = () => true,
): Match[] {
  const tokens = new Tokens(text)
  const lines = linesOf(tokens)
  if (lines.every(({ kind }) => kind === 'technical')) return []
  const read: Read = {
    tokens,
    classes: classesOf(tokens, model),
    isSmall: isSmall(tokens),
  }
  const careOf = careFor(tokens, lines)
  const matches: Match[] = []
  for (const stretch of stretchesOf(lines)) {
    const { from, to } = stretch
    if (!isWanted(tokens.starts[from] as number, tokens.ends[to - 1] as number)) continue
    const spans = reader.read(read, from, to)
    const care = careOf(stretch)
    const plausible = spans.filter((span) => isPlausible(span, read, stretch.lines, care))
    const all = spans.filter((span) => plausible.includes(span) || isBesideAddress(span, plausible, read))
    for (const span of all) {
      if (isOfNobody(span, read, all, stretch.lines)) continue
      const [start, end] = [tokens.starts[span.from] as number, tokens.ends[span.to - 1] as number]
      if (isWanted(start, end)) matches.push({ start, end, category: `pii/${nameKinds[span.kind]}`, score: span.score })
    }
  }
  return matches
}

export const isOf = (kind: NameKind, span: Pick<NameSpan, 'kind'>): boolean => nameKinds[span.kind] === kind

function classesOf(tokens: Tokens, model: NamesModel): Uint8Array {
  const found = new Uint8Array(tokens.length)
  for (let at = 0; at < tokens.length; at += 1) {
    if (tokens.kinds[at] === kinds.word) found[at] = model.classesOf(tokens.hashes[at] as number)
  }
  return found
}

/** Lines of people that follow each other, in pieces of no more than so many tokens. */
function* stretchesOf(lines: readonly Line[]): Generator<Stretch> {
  let open: { from: number; to: number; lines: Line[] } | null = null
  for (const line of lines) {
    if (open !== null && (line.kind === 'technical' || line.to - open.from > longestStretch)) {
      yield open
      open = null
    }
    if (line.kind === 'technical') continue
    if (line.to - line.from > longestStretch) yield* piecesOf(line)
    else if (open === null) open = { from: line.from, to: line.to, lines: [line] }
    else {
      open.to = line.to
      open.lines.push(line)
    }
  }
  if (open !== null) yield open
}

function* piecesOf(line: Line): Generator<Stretch> {
  for (let from = line.from; from < line.to; from += longestStretch) {
    const piece = { ...line, from, to: Math.min(line.to, from + longestStretch) }
    yield { from, to: piece.to, lines: [piece] }
  }
}

const sure = 0.97
const quiteSure = 0.9
const sureEnough = 0.6

/** Does what stands around a name allow it to be one? Where nothing is sure, it is left alone. */
function isPlausible(span: NameSpan, read: Read, lines: readonly Line[], care: Care): boolean {
  const { tokens } = read
  const line = lineAt(lines, span.from)
  if (line === undefined || isQuoted(span, tokens)) return false
  const words = wordsIn(span, tokens)
  if (words === 0 || !isWritten(span, read, line)) return false
  if (words === 1 && isNameOfThing(span, tokens, line)) return false
  if (care !== 'none' && span.score >= sure && isAddressed(span, read) && isListed(span, read)) return true
  if (care === 'most' || (care === 'some' && !isSurely(span, read))) return false
  if (care === 'little' && (span.score < sure || !isListed(span, read))) return false
  if (line.kind === 'prose')
    return words > 1 || span.score >= quiteSure || !beginsSentence(span, tokens) || isListed(span, read)
  if (span.score < sureEnough) return false
  if (line.kind === 'field') return span.from > line.from && (words > 1 || isListed(span, read))
  if (isIntroduced(span, read, line) || followsGreeting(span, lines, tokens)) return true
  const isAlone = words === 1 && isWholeLine(span, tokens, line)
  return !isAlone && (isListed(span, read) || (words > 1 && span.score >= sure))
}

/** `Project name: Phoenix` */
function isNameOfThing({ from }: NameSpan, { text, starts }: Tokens, line: Line): boolean {
  if (from - line.from < 2 || text.charAt(starts[from - 1] as number) !== ':') return false
  const label = text.slice(starts[line.from], starts[from - 1])
  return label.length <= longestLabel && meaningOf(label) === 'other'
}

/** Is one somebody's full name, even in a text that may be about programs? */
function isSurely(span: NameSpan, { tokens, classes: known }: Read): boolean {
  if (!isOf('person', span) || span.score < sure || wordsIn(span, tokens) < 2) return false
  return known.slice(span.from, span.to).some((bits) => (bits & classes.given) !== 0 && (bits & classes.common) === 0)
}

/** Every sentence begins with a capital letter. */
function beginsSentence({ from }: NameSpan, { kinds: kindsOf, text, starts }: Tokens): boolean {
  if (from === 0 || kindsOf[from - 1] === kinds.line || kindsOf[from - 1] === kinds.gap) return true
  return kindsOf[from - 1] === kinds.sign && text.charAt(starts[from - 1] as number) !== ','
}

/** Does a line hold nothing but the name and signs? */
function isWholeLine({ from, to }: NameSpan, { kinds: kindsOf }: Tokens, line: Line): boolean {
  const others = [...kindsOf.slice(line.from, from), ...kindsOf.slice(to, line.to)]
  return others.every((kind) => kind === kinds.sign)
}

/** The lines of a letter above and below a street: who lives there, and where it is. */
function isBesideAddress(span: NameSpan, plausible: readonly NameSpan[], { tokens }: Read): boolean {
  if (span.score < sureEnough || isQuoted(span, tokens)) return false
  return plausible.some((other) => {
    const between = Math.max(span.from - other.to, other.from - span.to)
    return isOf('address', other) && between < 3
  })
}

/** `CVE-2020-1234`: what is glued to letters by a hyphen. */
const isPartOfId = ({ text, starts }: Tokens, at: number): boolean =>
  /[-.]/.test(text.charAt((starts[at] as number) - 1))

const isSmall = (tokens: Tokens): boolean =>
  tokens.shapes.every((shape) => shape < shapes.capitalLetter || shape >= shapes.digits)

/** A name has a capital letter, but for whoever writes none; an address has a number, too, or the word of a street. */
function isWritten(span: NameSpan, read: Read, line: Line): boolean {
  const { tokens, classes: known } = read
  let [capital, number, street] = [false, false, false]
  for (let at = span.from; at < span.to; at += 1) {
    const shape = tokens.shapes[at] as number
    const isStreet = ((known[at] as number) & classes.street) !== 0
    capital ||= tokens.kinds[at] === kinds.word && shape !== shapes.lower && shape !== shapes.lowerLetter
    number ||= shape >= shapes.digits && shape <= shapes.digitFirst && !isPartOfId(tokens, at)
    street ||= isStreet && (shape !== shapes.lower || read.isSmall)
  }
  if (isOf('address', span) && !(number || street)) return false
  if (!capital && read.isSmall)
    return (
      span.score >= sureEnough &&
      (isOf('address', span) ? number && street && wordsIn(span, tokens) > 1 : isListed(span, read))
    )
  return capital || (span.score >= sure && isIntroduced(span, read, line))
}

function wordsIn({ from, to }: NameSpan, tokens: Tokens): number {
  return tokens.kinds.slice(from, to).filter((kind) => kind === kinds.word).length
}

/** A word in quotes is a text that is talked about, or a value of a program. */
function isQuoted({ from, to }: NameSpan, { text, starts, ends }: Tokens): boolean {
  const before = text.charAt((starts[from] as number) - 1)
  const behind = text.charAt(ends[to - 1] as number)
  return /["'`“‘«]/.test(before) && /["'`”’»]/.test(behind)
}

const isTitle = (known: Uint8Array, at: number): boolean => ((known[at] as number) & classes.title) !== 0

/** Is the word that stands at most two signs before it such as introduces a person, or the one right before it a verb as in `call Peter`? */
function isIntroduced({ from }: NameSpan, { tokens, classes: known }: Read, line: Line): boolean {
  const near = [from - 1, from - 2, from - 3]
  const at = near.find((place) => place >= line.from && tokens.kinds[place] === kinds.word)
  if (at === undefined) return false
  const word = tokens.hashes[at] as number
  return introducingWords.has(word) || isTitle(known, at) || (at === from - 1 && isAsking(word))
}

/** Does somebody say who they are, or greet another? */
export function isAddressed(span: NameSpan, { tokens, classes: known }: Read): boolean {
  if (!isOf('person', span)) return false
  // The end of a line is a token, too: what stands before it is not looked at.
  const at = tokens.kinds[span.from - 1] === kinds.sign ? span.from - 2 : span.from - 1
  if (tokens.kinds[at] !== kinds.word) return false
  const word = tokens.hashes[at] as number
  if (addressingWords.has(word) || isTitle(known, at)) return true
  return addressingPairs.get(word)?.has(tokens.hashes[at - 1] as number) === true
}

/** Does a list have one of its words, or is there a number, as in an address? */
export function isListed({ from, to }: NameSpan, { tokens, classes: known }: Read): boolean {
  const all = classes.given | classes.surname | classes.city | classes.region | classes.street | classes.organization
  return (
    known.slice(from, to).some((bits) => (bits & all) !== 0 && (bits & classes.common) === 0) ||
    tokens.shapes.slice(from, to).some((shape) => shape >= shapes.digits && shape <= shapes.letterFirst)
  )
}

/** The line before it ends with a comma and takes leave: `Best regards,`. */
function followsGreeting({ from }: NameSpan, lines: readonly Line[], tokens: Tokens): boolean {
  const index = lines.findIndex((line) => line.from === from)
  const before = lines[index - 1]
  if (before === undefined || before.to - before.from > longestGreeting) return false
  return tokens.hashes.slice(before.from, before.to).some((word) => introducingWords.has(word))
}
const longestGreeting = 5
