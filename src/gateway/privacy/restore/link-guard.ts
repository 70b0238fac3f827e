import { LatexReader } from './latex-reader.ts'
import { TagReader } from './tag-reader.ts'

/** What a text is read as: words that may be rendered as Markdown or HTML, or JSON that a program parses. */
export type TextForm = 'prose' | 'json'

/** What stands before a scheme with slashes, or before `www.`, does not matter: `.https://…` and `xwww.…` are addresses for some renderers. */
const schemes =
  /[a-z0-9+.-]:(?:\\?[/\\]){1,2}|(?:^|[^a-z0-9+.-])(?:blob|cid|data|file|ftp|geo|intent|javascript|magnet|mailto|sip|skype|sms|tel|vbscript|whatsapp|xmpp):/iu
const protocolRelative = /(?:^|[("'=\s])(?:\\?[/\\]){2}[^\s/]/u
const named = /www\d{0,3}[.。．｡]/iu
/** A dotted name with what only an address has behind it. */
const hostWithPath = /[\p{L}\p{N}-][.。．｡][\p{L}\p{N}-]+[^\s]*[/?#:\\]/u
/** Characters of an address that are written so that they do not look like it. */
const escaped = /\\u00|\\x|%[0-9a-f]{2}|&#|&[a-z]{2,8};/iu
/** A value with this behind it would be a part of the name of a host, or of an address of mail; no part of either is longer. */
const hostBehind = /^(?:[\p{L}\p{N}_-]{0,63}[.。．｡][\p{L}\p{N}]|[\p{L}\p{N}._+-]{0,63}@)/u
/** A value behind this would be a part of the host of an address of mail. */
const mailBefore = /[^@]@[\p{L}\p{N}.。．｡_-]*$/u
/** Behind `<`, a value with this behind it would be the scheme of an address, or the beginning of one: `<…:>`. */
const schemeBehind = /^[\w+.:-]/
/** In a run it is no letter, digit or mark of any address. */
const valueEnd = '\0'
const jsonEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** A run without a blank is not read as an address beyond so many characters: it counts as one. */
const longestRun = 2_048
/** So many characters are left unread until a place is asked about. */
const mostUnread = 16_384

/**
 * Reads an answer and knows of each place whether a value put there could leave with a request that nobody asked for: in
 * the address of a link or a picture, in a tag of HTML, in the name of a host. A model that was talked into it writes such
 * an address around a token; whoever renders the answer would send the value. It errs to the side of an address.
 */
export class LinkGuard {
  readonly #form: TextForm
  readonly #tags = new TagReader()
  readonly #latex = new LatexReader()
  /** What stands behind all that was read. */
  #unread = ''
  /** The characters since the last blank. */
  #run = ''
  /** The character before this one, '' at the beginning. */
  #last = ''
  /** Open parentheses of a destination `](…)` or `url(…)`, 0 outside of one. */
  #parentheses = 0
  #isInAngles = false
  /** After `]:`, until the run that is a destination has ended, or the angles around it, which may hold blanks. */
  #definition: 'before' | 'within' | 'angles' | null = null
  /** Did a backslash of Markdown stand before this character? */
  #isEscaped = false
  /** What was read of an escape of JSON behind its backslash; null outside of one. */
  #jsonEscape: string | null = null

  constructor(form: TextForm) {
    this.#form = form
  }

  /** Goes on by a stretch of the answer, which is read when a place behind it is asked about: in most answers none is. */
  read(text: string): void {
    this.#unread += text
    if (this.#unread.length > mostUnread) this.#readOn()
  }

  #readOn(): void {
    const text = this.#unread
    this.#unread = ''
    for (const character of text) {
      if (this.#form === 'json') this.#readJson(character)
      else this.#readOne(character)
    }
  }

  /** Goes on by a token: what is rendered in its place ends in a way that cannot be known, and whatever is glued to it begins behind. */
  readToken(text: string): void {
    this.read(text)
    this.#readOn()
    this.#run += valueEnd
  }

  /** Could a value that stands here, with this behind it, be a part of an address or of a tag? */
  isAddress(behind: string): boolean {
    this.#readOn()
    if (this.#parentheses > 0 || this.#definition !== null) return true
    if (this.#last === '<' && schemeBehind.test(behind)) return true
    if (this.#tags.isInside || this.#latex.isInside || hostBehind.test(behind)) return true
    if (this.#form === 'json' && /^[^"\s\\]*\\u/.test(behind)) return true
    const run = this.#run
    if (run.length > longestRun) return true
    if (/[.。．｡]$/u.test(run) && run.length > 1) return true
    return (
      mailBefore.test(run) ||
      schemes.test(run) ||
      protocolRelative.test(run) ||
      named.test(run) ||
      hostWithPath.test(run) ||
      escaped.test(run)
    )
  }

  /** A quote ends a text of the document; an escape is the character that it stands for. */
  #readJson(character: string): void {
    if (this.#jsonEscape === null) {
      if (character === '\\') this.#jsonEscape = ''
      else if (character === '"') this.#endText()
      else this.#readOne(character)
      return
    }
    this.#jsonEscape += character
    const isCode = this.#jsonEscape.startsWith('u')
    if (isCode && this.#jsonEscape.length < 5) return
    const meant = isCode ? String.fromCharCode(Number.parseInt(this.#jsonEscape.slice(1), 16)) : jsonEscapes[character]
    this.#jsonEscape = null
    this.#readOne(meant ?? character)
  }

  #readOne(character: string): void {
    const last = this.#last
    const wasBefore = this.#definition === 'before'
    this.#last = character
    // What is a tag for one of these is none for another: `[a <b ](<https://…/?\\> …>)` is a link, and no tag begins in it.
    this.#tags.read(character)
    this.#latex.read(character)
    this.#readMarkdown(character, last)
    if (/\s/u.test(character)) return this.#endRun()
    // A bare address ends here, the destination of a definition does not: `[a]: https://…/?<…`.
    if (character === '<') return this.#startRun()
    if (this.#run.length <= longestRun) this.#run += character
    if (wasBefore && this.#definition === 'before') this.#definition = 'within'
  }

  /** A text of a JSON document begins or ends: nothing of the one goes on in the other. */
  #endText(): void {
    this.#endRun()
    this.#last = ''
    this.#parentheses = 0
    this.#tags.end()
    this.#definition = null
  }

  #startRun(): void {
    this.#run = ''
  }

  #endRun(): void {
    this.#startRun()
    if (this.#definition === 'within') this.#definition = null
  }

  #readMarkdown(character: string, last: string): void {
    const wasEscaped = this.#isEscaped
    this.#isEscaped = !wasEscaped && character === '\\'
    if (wasEscaped || this.#isEscaped) return
    if (this.#definition === 'before' && character === '<') this.#definition = 'angles'
    else if (this.#definition === 'angles' && /[>\n]/.test(character)) this.#definition = null
    if (this.#parentheses > 0) this.#readDestination(character, last)
    else if (character === '(' && (last === ']' || /url$/i.test(this.#run))) {
      this.#parentheses = 1
      this.#isInAngles = false
    }
    if (character === ':' && last === ']' && this.#definition !== 'angles') {
      this.#definition = 'before'
    }
  }

  #readDestination(character: string, last: string): void {
    if (this.#isInAngles) this.#isInAngles = character !== '>' && character !== '\n'
    else if (character === '<' && (last === '(' || /\s/u.test(last))) this.#isInAngles = true
    else if (character === '(') this.#parentheses += 1
    else if (character === ')') this.#parentheses -= 1
    else if (character === '\n' && last === '\n') this.#parentheses = 0
  }
}
