/** Marks that end a cell outside of quotes: a spreadsheet may go by another one than whoever wrote the file. */
const ends = new Set([',', ';', '\t', '\n', '\r'])
/** What a spreadsheet takes for the beginning of a formula; in East Asia also in its wide form. */
const formula = /^(?:[=+\-@\t\r]|\xef\xbc[\x9d\x8b\x8d\xa0])/
const number = /^[+-]?(?:\d[\d.,' ]*)(?:e[+-]?\d{1,4})?\s?%?$/i
/** Characters of a cell that are looked at: no number is longer. */
const mostHeld = 64

/**
 * The same CSV or TSV with an apostrophe before each cell that a spreadsheet would take for a formula; numbers stay as they are. The text is any
 * that agrees with ASCII in its first half, as UTF-8 does; what is longer than a piece is never held.
 */
export async function* defuseFormulas(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const defusing = new Defusing()
  for await (const part of content) yield Buffer.from(defusing.next(Buffer.from(part).toString('latin1')), 'latin1')
  yield Buffer.from(defusing.end(), 'latin1')
}

class Defusing {
  /** The beginning of a cell that is not decided on yet; null behind it. */
  #held: string | null = ''
  #isQuoted = false
  /** Was the last character a quote within quotes? The next one says whether it ends them. */
  #mayClose = false
  #isFirst = true

  next(text: string): string {
    let out = ''
    for (const character of text) out += this.#take(character)
    return out
  }

  end(): string {
    return this.#decide()
  }

  #take(character: string): string {
    if (this.#mayClose) {
      this.#mayClose = false
      if (character === '"') return this.#hold('""')
      this.#isQuoted = false
      const decided = this.#decide()
      return `${decided}"${this.#take(character)}`
    }
    if (this.#isQuoted) {
      if (character !== '"') return this.#hold(character)
      this.#mayClose = true
      return ''
    }
    if (ends.has(character)) {
      const decided = this.#decide()
      this.#held = ''
      return decided + character
    }
    if (character === '"' && this.#held === '') {
      this.#isQuoted = true
      return '"'
    }
    return this.#hold(character)
  }

  #hold(character: string): string {
    if (this.#held === null) return character
    this.#held += character
    if (this.#isFirst && '\xef\xbb\xbf'.startsWith(this.#held)) {
      if (this.#held.length < 3) return ''
      this.#held = ''
      this.#isFirst = false
      return '\xef\xbb\xbf'
    }
    this.#isFirst = false
    return this.#held.length < mostHeld ? '' : this.#decide()
  }

  /** The cell as far as it was held back. */
  #decide(): string {
    const held = this.#held
    this.#held = null
    this.#isFirst = false
    if (held === null) return ''
    return formula.test(held) && !number.test(held) ? `'${held}` : held
  }
}
