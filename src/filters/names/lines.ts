import { fieldWords } from './cues.ts'
import { kinds, shapes, type Tokens } from './tokens.ts'

/**
 * What a line of a text is: `prose` is a part of a sentence; a `field` begins with what its value is (`Name: …`); `short`
 * has too few words to tell; `technical` is code, a trace, a log, a row of a table, a heading, ….
 */
export type LineKind = 'prose' | 'field' | 'short' | 'technical'

/** A line by its tokens, `to` exclusive. */
export interface Line {
  readonly from: number
  readonly to: number
  readonly kind: LineKind
  /** A technical line that what is written for people is full of, too: in a fence, a heading, a row of a table. */
  readonly isApart: boolean
}

/** Lines that follow each other and are read as one, by their tokens. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly lines: readonly Line[]
}

const signs = (text: string) => new Set(Array.from(text, (sign) => sign.charCodeAt(0)))
/** Signs that programs are full of and sentences are not. */
const codeSigns = signs('{}[]<>=;|\\~^$`%#+*')
const fences = /^(?:```|~~~)/
/** A heading or a row as Markdown has them. */
const apart = /^(?:#{1,6} |\||[-=*_]{3,}$|:?-+:?\s?\|)/
const comment = /^(?:\/\/|\/\*|\*\/|--|<!--|#|;|%|@|\$ |>>>|\.\.\. |\+\+\+|diff |commit |\|)/
const log =
  /^\W{0,3}(?:\d{4}-\d\d-\d\d[T ]\d\d:|\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d|(?:ERROR|WARN|WARNING|INFO|DEBUG|TRACE|FATAL|NOTICE|CRITICAL)\b)/
/** How a line of a program ends. */
const endings = signs('{}(;[]\\=+|')
const quotedKey = /^["'][\w .-]{1,60}["']\s?[:=]/
const deepIndent = 4
const wideGap = 3

/** Counts over a line. */
interface Facts {
  readonly lower: number
  readonly capitals: number
  readonly opaque: number
  readonly code: number
  /** Separators without a blank behind them, as in rows. */
  readonly tight: number
  readonly loose: number
  readonly gaps: number
  /** Words in capitals. */
  readonly shouted: number
}

/** A line of more words in capitals is a heading or a clause. */
const mostShouted = 5

/** Is it the address of a person or of a page? Both stand in letters. */
export function isAddress(tokens: Tokens, at: number): boolean {
  if (tokens.kinds[at] !== kinds.opaque) return false
  const text = tokens.text.slice(tokens.starts[at], tokens.ends[at])
  return /^(?:https?:\/\/|www\.)/.test(text) || /^[\w.+-]+@[\w-]+\.[\w.-]+$/.test(text)
}

/** `McDonald` and `LaToya` are short; `RequestSchema` is not. */
const longestJoinedName = 11
const isLong = ({ starts, ends }: Tokens, at: number): boolean =>
  (ends[at] as number) - (starts[at] as number) > longestJoinedName

/** A tab, or blanks as between two columns. */
function gapBetween({ text, starts, ends }: Tokens, at: number): number {
  const [end, start] = [ends[at - 1] as number, starts[at] as number]
  if (start - end >= wideGap) return 1
  return text.charCodeAt(end) === 9 ? 2 : 0
}

/** A number as `90.14,90.61`: values of a row, no thousands. */
const isRow = (tokens: Tokens, at: number): boolean =>
  tokens.shapes[at] === shapes.pointed &&
  /,\d{0,2}(?:\D|$)|,\d{4}|\..*,/.test(tokens.text.slice(tokens.starts[at], tokens.ends[at]))

const star = 42

/** `**word**`, or the mark of an item at the edge of the text. */
function isEmphasis({ text, starts, kinds: kindsOf }: Tokens, at: number): boolean {
  const start = starts[at] as number
  const isGlued = (place: number) => kindsOf[place] === kinds.word || text.charCodeAt(starts[place] as number) === star
  if (starts[at + 1] === start + 1 && isGlued(at + 1)) return true
  const before = text.charAt(start - 1)
  return before === '' || before === '\n' || (/\S/.test(before) && isGlued(at - 1))
}

/** The number of a flat, a telephone or an amount, the address of a person. */
function isHarmless(tokens: Tokens, at: number, sign: number): boolean {
  const isNumber = (place: number) => tokens.kinds[place] === kinds.number || tokens.kinds[place] === kinds.mixed
  if (sign === 35 || sign === 36 || sign === 43) return isNumber(at + 1)
  if (sign === 37) return isNumber(at - 1)
  if (sign === star) return isEmphasis(tokens, at)
  if (sign === 60) return isAddress(tokens, at + 1)
  return sign === 62 && isAddress(tokens, at - 1)
}

function factsOf(tokens: Tokens, from: number, to: number): Facts {
  let [shouted, lower, capitals, opaque, code, tight, loose, gaps] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let at = from; at < to; at += 1) {
    const start = tokens.starts[at] as number
    if (at > from) gaps += gapBetween(tokens, at)
    const kind = tokens.kinds[at] as number
    if (kind === kinds.word) {
      const shape = tokens.shapes[at] as number
      if (shape === shapes.lower) lower += 1
      else if (shape !== shapes.lowerLetter) capitals += 1
      if (shape === shapes.capitals) shouted += 1
      if (shape === shapes.mixedCase || (shape === shapes.innerCapital && isLong(tokens, at))) opaque += 0.5
    } else if (kind === kinds.number || kind === kinds.mixed) {
      if (isRow(tokens, at)) tight += 1
    } else if (kind === kinds.opaque) opaque += isAddress(tokens, at) ? 0 : 1
    else if (kind === kinds.sign) {
      const sign = tokens.text.charCodeAt(start)
      const next = tokens.starts[at + 1]
      if (sign === 44 || sign === 59) {
        if (at + 1 < to && next === start + 1) tight += 1
        else loose += 1
      }
      // What a mail answers to stands behind `>`.
      const isAnswered = sign === 62 && (at === from || tokens.text.charCodeAt(start - 1) === 62)
      if (codeSigns.has(sign) && !isAnswered && !isHarmless(tokens, at, sign)) code += 1
    }
  }
  return { shouted, lower, capitals, opaque, code, tight, loose, gaps }
}

/** Words of a sentence. */
const fewest = 3
/** A line of so many words is a sentence, whatever it ends with. */
const mostEnded = 8

function isTechnical(tokens: Tokens, { from, to }: Pick<Line, 'from' | 'to'>, facts: Facts): boolean {
  const { text } = tokens
  const start = tokens.starts[from] as number
  const end = tokens.ends[to - 1] as number
  const line = text.slice(start, end)
  if (comment.test(line) || log.test(line) || quotedKey.test(line)) return true
  if (endings.has(text.charCodeAt(end - 1)) && facts.lower < mostEnded) return true
  if (facts.shouted > mostShouted && facts.lower === 0) return true
  const { lower, capitals, opaque, code, tight, loose, gaps } = facts
  if (gaps > 1 || (gaps > 0 && !isField(tokens, { from, to }))) return true
  if (tight > loose && tight > 1) return true
  const words = lower + capitals
  if (opaque > 0 && opaque * 6 > words) return true
  return code > 0 && code * 4 > (code < 3 ? words : lower)
}

/** A heading, or a row of a table. */
function isTabular(tokens: Tokens, { from, to }: Pick<Line, 'from' | 'to'>, facts: Facts): boolean {
  return apart.test(tokens.text.slice(tokens.starts[from], tokens.ends[to - 1])) || facts.gaps > 1
}

function kindOfLine(tokens: Tokens, line: Pick<Line, 'from' | 'to'>, facts: Facts): LineKind {
  if (isField(tokens, line)) return 'field'
  if (facts.lower >= fewest && facts.lower * 2 >= facts.capitals) return 'prose'
  return facts.lower > facts.capitals ? 'prose' : 'short'
}

const longestLabel = 4

/** Up to four words and a colon, one of which says that a name comes. */
function isField(tokens: Tokens, { from, to }: Pick<Line, 'from' | 'to'>): boolean {
  let isNamed = false
  for (let at = from; at < Math.min(to, from + longestLabel + 1); at += 1) {
    if (tokens.kinds[at] === kinds.word) isNamed ||= fieldWords.has(tokens.hashes[at] as number)
    else if (tokens.text.charCodeAt(tokens.starts[at] as number) !== star)
      return isNamed && tokens.text.charCodeAt(tokens.starts[at] as number) === 58
  }
  return false
}

/** Characters before the first token of a line. */
function indentOf(tokens: Tokens, from: number): number {
  let width = 0
  for (let at = (tokens.starts[from] as number) - 1; ; at -= 1) {
    const sign = tokens.text.charAt(at)
    if (sign === '\t') width += deepIndent
    else if (sign === ' ') width += 1
    else return width
  }
}

/** The line that a token stands in. */
export const lineAt = (lines: readonly Line[], at: number): Line | undefined => lines.findLast(({ from }) => from <= at)

/** The lines of a text that hold anything, in order. */
export function linesOf(tokens: Tokens): Line[] {
  const bare: { from: number; to: number; indent: number }[] = []
  const isEnd = (at: number) => tokens.kinds[at] === kinds.line || tokens.kinds[at] === kinds.gap
  for (let at = 0; at < tokens.length;) {
    let to = at
    while (to < tokens.length && !isEnd(to)) to += 1
    if (to > at) bare.push({ from: at, to, indent: indentOf(tokens, at) })
    at = to + 1
  }
  const least = bare.reduce((width, { indent }) => Math.min(width, indent), Infinity)
  let isFenced = false
  return bare.map(({ from, to, indent }): Line => {
    const start = tokens.starts[from] as number
    if (fences.test(tokens.text.slice(start, start + 3))) {
      isFenced = !isFenced
      return { from, to, kind: 'technical', isApart: true }
    }
    const facts = factsOf(tokens, from, to)
    if (!isFenced && indent - least < deepIndent && !isTechnical(tokens, { from, to }, facts))
      return { from, to, kind: kindOfLine(tokens, { from, to }, facts), isApart: false }
    return { from, to, kind: 'technical', isApart: isFenced || isTabular(tokens, { from, to }, facts) }
  })
}
