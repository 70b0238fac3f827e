/** What a text is read as: words that may be rendered as Markdown or HTML, or JSON that a program parses. */
export type TextForm = 'prose' | 'json'

const schemes =
  /(?:^|[^a-z0-9+.-])(?:[a-z][a-z0-9+.-]*:(?:\\?[/\\]){1,2}|(?:blob|cid|data|file|ftp|geo|intent|javascript|magnet|mailto|sip|skype|sms|tel|vbscript|whatsapp|xmpp):)/iu
const protocolRelative = /(?:^|[("'=\s])(?:\\?[/\\]){2}[^\s/]/u
const named = /(?:^|[^\p{L}\p{N}])www\d{0,3}[.。．｡]/iu
/** A dotted name with what only an address has behind it. */
const hostWithPath = /[\p{L}\p{N}-][.。．｡][\p{L}\p{N}-]+[^\s]*[/?#:\\]/u
/** Characters of an address that are written so that they do not look like it. */
const escaped = /\\u00|\\x|%[0-9a-f]{2}|&#|&[a-z]{2,8};/iu
const dots = '.。．｡'

/** A run without a blank is not read as an address beyond so many characters: it counts as one. */
const longestRun = 2_048

/**
 * Reads an answer and knows of each place whether a value put there could leave with a request that nobody asked for: in
 * the address of a link or a picture, in a tag of HTML, in the name of a host. A model that was talked into it writes such
 * an address around a token; whoever renders the answer would send the value. It errs to the side of an address.
 */
export class LinkGuard {
  readonly #form: TextForm
  /** The characters since the last blank. */
  #run = ''
  /** The character before this one, '' at the beginning. */
  #last = ''
  /** Open parentheses of a destination `](…)` or `url(…)`, 0 outside of one. */
  #parentheses = 0
  #isInAngles = false
  /** Within a tag: the quote that is open, or that none is; null outside of one. */
  #tag: '"' | "'" | 'open' | null = null
  /** After `]:`, until the run that is a destination has ended. */
  #definition: 'before' | 'within' | null = null
  #isEscaped = false

  constructor(form: TextForm) {
    this.#form = form
  }

  /** Goes on by a stretch of the answer. */
  read(text: string): void {
    for (const character of text) this.#readOne(character)
  }

  /** Could a value that stands here, with these two characters behind it, be a part of an address or of a tag? */
  isAddress(behind: string): boolean {
    if (this.#parentheses > 0 || this.#tag !== null || this.#definition !== null) return true
    if (dots.includes(behind.charAt(0)) && /[\p{L}\p{N}]/u.test(behind.charAt(1))) return true
    if (behind.startsWith('@')) return true
    const run = this.#run
    if (run.length > longestRun) return true
    if (/[@.。．｡]$/u.test(run) && run.length > 1) return true
    return (
      schemes.test(run) || protocolRelative.test(run) || named.test(run) || hostWithPath.test(run) || escaped.test(run)
    )
  }

  #readOne(character: string): void {
    const last = this.#last
    const wasEscaped = this.#isEscaped
    const wasBefore = this.#definition === 'before'
    this.#last = character
    this.#isEscaped = !wasEscaped && character === '\\'
    if (this.#form === 'json' && character === '"' && !wasEscaped) return this.#endText()
    if (!wasEscaped && !this.#isEscaped) {
      if (this.#tag !== null) this.#readTag(character)
      else if (this.#parentheses > 0) this.#readDestination(character, last)
      else this.#readText(character, last)
    }
    if (/\s/u.test(character) || character === '<') return this.#endRun()
    if (this.#form === 'json' && wasEscaped && 'nrt'.includes(character)) return this.#endRun()
    if (this.#run.length <= longestRun) this.#run += character
    if (wasBefore) this.#definition = 'within'
  }

  /** A text of a JSON document begins or ends: nothing of the one goes on in the other. */
  #endText(): void {
    this.#endRun()
    this.#parentheses = 0
    this.#tag = null
    this.#definition = null
  }

  #endRun(): void {
    this.#run = ''
    if (this.#definition === 'within') this.#definition = null
  }

  #readText(character: string, last: string): void {
    if (character === '(' && (last === ']' || /url$/i.test(this.#run))) {
      this.#parentheses = 1
      this.#isInAngles = false
    } else if (character === ':' && last === ']' && this.#form === 'prose') this.#definition = 'before'
    else if (last === '<' && /[a-z/!?]/i.test(character)) this.#tag = 'open'
  }

  #readDestination(character: string, last: string): void {
    if (this.#isInAngles) this.#isInAngles = character !== '>' && character !== '\n'
    else if (character === '<' && (last === '(' || /\s/u.test(last))) this.#isInAngles = true
    else if (character === '(') this.#parentheses += 1
    else if (character === ')') this.#parentheses -= 1
    else if (character === '\n' && last === '\n') this.#parentheses = 0
  }

  #readTag(character: string): void {
    if (this.#tag === 'open') {
      if (character === '"' || character === "'") this.#tag = character
      else if (character === '>') this.#tag = null
    } else if (character === this.#tag) this.#tag = 'open'
  }
}
