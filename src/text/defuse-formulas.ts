import { setImmediate } from 'node:timers/promises'

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

/** Is it a table that spreadsheets open, whose cells could be formulas? */
export function isPlainTable(mediaType: string): boolean {
  return /^text\/(?:csv|tab-separated-values)(?:;|$)/.test(mediaType)
}

/** A file whose bytes are in base64, as `defuseTable` makes it where it is such a table; any other one as it is. */
export async function withoutFormulas<Made extends { readonly mediaType: string; readonly content: string }>(
  file: Made,
): Promise<Made> {
  if (!isPlainTable(file.mediaType)) return file
  const content = await defuseTable(Buffer.from(file.content, 'base64'))
  return { ...file, content: content.toString('base64') }
}

/** All of a CSV or TSV at once; gives way to other work between its pieces. */
export async function defuseTable(bytes: Buffer): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of defuseFormulas(slicesOf(bytes))) pieces.push(piece)
  return Buffer.concat(pieces)
}

const sliceBytes = 65_536

async function* slicesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    yield bytes.subarray(at, at + sliceBytes)
    await setImmediate()
  }
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
