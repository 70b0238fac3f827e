/** Elements whose content is no text: styles load, scripts do what they like. */
const rawElements: ReadonlySet<string> = new Set(['script', 'style'])
const longestName = 10

/**
 * Where in HTML a place is, read character by character as browsers read it (HTML standard, 13.2.5): a quote opens a value
 * only right behind its `=`, a backslash means nothing, a comment ends with its own mark.
 */
export class TagReader {
  #state: 'text' | 'tag' | 'comment' | 'raw' = 'text'
  #quote = ''
  /** The last character of a tag that is no blank. */
  #solid = ''
  /** What was read last, for marks of more than one character. */
  #tail = ''
  #name = ''
  #isNaming = false

  /** Is the place within a tag, a comment or the content of a script or a style? */
  get isInside(): boolean {
    return this.#state !== 'text'
  }

  read(character: string): void {
    const last = this.#tail.slice(-1)
    this.#tail = (this.#tail + character.toLowerCase()).slice(-longestName)
    if (this.#state === 'text') {
      if (last === '<' && /[a-z/!?]/i.test(character)) this.#begin(character)
    } else if (this.#state === 'tag') this.#readTag(character)
    else if (this.#state === 'comment') this.#readComment()
    else if (this.#tail.endsWith(`</${this.#name}`)) this.#begin('/')
  }

  /** A tag, as an address in angles is one, goes on until it is closed. */
  begin(): void {
    this.#begin('/')
  }

  end(): void {
    this.#state = 'text'
    this.#tail = ''
  }

  #begin(first: string): void {
    this.#state = 'tag'
    this.#quote = ''
    this.#solid = first
    this.#isNaming = /[a-z]/i.test(first)
    this.#name = this.#isNaming ? first.toLowerCase() : ''
  }

  #readTag(character: string): void {
    if (this.#quote !== '') {
      if (character === this.#quote) this.#quote = ''
      return
    }
    if (this.#tail.endsWith('<!--')) {
      this.#state = 'comment'
      this.#tail = ''
      return
    }
    if (character === '>') {
      this.#state = rawElements.has(this.#name) ? 'raw' : 'text'
      return
    }
    if ((character === '"' || character === "'") && this.#solid === '=') this.#quote = character
    if (this.#isNaming && /[a-z\d]/i.test(character) && this.#name.length < longestName) {
      this.#name += character.toLowerCase()
    } else this.#isNaming = false
    if (!/\s/u.test(character)) this.#solid = character
  }

  #readComment(): void {
    if (this.#tail.endsWith('-->') || this.#tail.endsWith('--!>')) this.end()
  }
}
