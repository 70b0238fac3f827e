/** A part of a text that may be written. */
export interface PlainPart {
  readonly text: string
  /** Whole lines that begin with a bar, outside of fenced code. */
  readonly mayBeTable: boolean
}

const barred = /^ {0,3}\|/
const undecided = /^ {0,3}$/
const fence = /^ {0,3}(?:```|~~~)/

/** Hands on a text as it comes, and lines that may be those of a table together, when the one after them is no more of it. */
export class PlainLines {
  /** Lines of what may be a table. */
  #table = ''
  /** What is known of a line whose kind is not known yet, or that may be of a table. */
  #held = ''
  /** What was handed on of the line that is not over. */
  #line = ''
  #isFenced = false

  take(text: string): readonly PlainPart[] {
    const parts: PlainPart[] = []
    for (const piece of text.match(/[^\n]*\n|[^\n]+/g) ?? []) {
      const isWhole = piece.endsWith('\n')
      const begun = this.#held + piece
      if (this.#line === '' && !this.#isFenced && (barred.test(begun) || (!isWhole && undecided.test(begun)))) {
        this.#held = isWhole ? '' : begun
        if (isWhole) this.#table += begun
        continue
      }
      parts.push(...this.#endTable(), { text: begun, mayBeTable: false })
      this.#held = ''
      this.#line += begun
      if (!isWhole) continue
      if (fence.test(this.#line)) this.#isFenced = !this.#isFenced
      this.#line = ''
    }
    return parts
  }

  /** What is left; the next text is another one. */
  end(): readonly PlainPart[] {
    this.#table += this.#held
    this.#held = ''
    this.#line = ''
    this.#isFenced = false
    return this.#endTable()
  }

  #endTable(): readonly PlainPart[] {
    const text = this.#table
    this.#table = ''
    return text === '' ? [] : [{ text, mayBeTable: true }]
  }
}
