/**
 * Python that the grammar of the parser does not know yet, made into Python that it does, of the same length, so that
 * lines and columns stay: defaults of type parameters (PEP 696: `class A[T = int]`) become spaces, and a format that
 * begins with an equals sign (`f'{x:=^10}'`) one that does not. What runs is the program as it was written.
 */
export function withKnownSyntax(source: string): string {
  const text = source.split('')
  new Scanner(source, text).code(0, '')
  return text.join('')
}

const declaration = /\b(?:class|def|type)[ \t]+[\p{L}_][\p{L}\p{N}_]*[ \t]*\[/uy
const stringStart = /[a-zA-Z]{0,2}(?:"""|'''|"|')/y
const word = /[\p{L}_][\p{L}\p{N}_]*/uy
const opening = '([{'
const closing = ')]}'

function matchAt(pattern: RegExp, text: string, position: number): string | null {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0] ?? null
}

class Scanner {
  readonly #source: string
  readonly #text: string[]

  constructor(source: string, text: string[]) {
    this.#source = source
    this.#text = text
  }

  /** Reads code from `start` up to the bracket that closes it, or to the end. Returns where it stopped. */
  code(start: number, end: string): number {
    let position = start
    const open: string[] = []
    while (position < this.#source.length) {
      const character = this.#source[position]!
      if (open.length === 0 && end.includes(character)) return position
      const declared = matchAt(declaration, this.#source, position)
      if (declared !== null) position = this.#parameters(position + declared.length)
      else if (opening.includes(character)) open.push(character)
      else if (closing.includes(character)) open.pop()
      else {
        position = this.#token(position)
        continue
      }
      position += 1
    }
    return position
  }

  /** Past a comment, a string, a word or one character. */
  #token(position: number): number {
    if (this.#source[position] === '#') {
      const line = this.#source.indexOf('\n', position)
      return line < 0 ? this.#source.length : line
    }
    const quote = matchAt(stringStart, this.#source, position)
    if (quote !== null) return this.#string(position, quote)
    return position + (matchAt(word, this.#source, position)?.length ?? 1)
  }

  /** Blanks the defaults of type parameters. Returns the place of their closing bracket. */
  #parameters(start: number): number {
    let position = start
    let depth = 0
    let blanking = false
    while (position < this.#source.length) {
      const character = this.#source[position]!
      if (depth === 0 && (character === ']' || character === ',')) blanking = false
      if (depth === 0 && character === ']') return position
      if (depth === 0 && character === '=') blanking = true
      if (opening.includes(character)) depth += 1
      else if (closing.includes(character)) depth -= 1
      const next = opening.includes(character) || closing.includes(character) ? position + 1 : this.#token(position)
      if (blanking) this.#blank(position, next)
      position = next
    }
    return position
  }

  #blank(from: number, to: number): void {
    for (let index = from; index < to; index += 1) if (this.#source[index] !== '\n') this.#text[index] = ' '
  }

  /** Past a string. The fields of one that is formatted are code again. */
  #string(start: number, beginning: string): number {
    const quote = beginning.replace(/^[a-zA-Z]*/, '')
    const prefix = beginning.slice(0, beginning.length - quote.length).toLowerCase()
    const formatted = /[ft]/.test(prefix)
    let position = start + beginning.length
    while (position < this.#source.length && !this.#source.startsWith(quote, position)) {
      const character = this.#source[position]!
      if (character === '\n' && quote.length === 1) return position
      if (character === '\\') position += 2
      else if (formatted && this.#source.startsWith('{{', position)) position += 2
      else if (formatted && character === '{') position = this.#field(position + 1, quote)
      else position += 1
    }
    return position + quote.length
  }

  /** Reads a replacement field from behind its `{` to behind its `}`. */
  #field(start: number, quote: string): number {
    let position = this.code(start, `}:`)
    if (this.#source[position] === ':') {
      position += 1
      if (this.#source[position] === '=') this.#text[position] = '>'
      while (position < this.#source.length && this.#source[position] !== '}') {
        if (this.#source.startsWith(quote, position)) return position
        position = this.#source[position] === '{' ? this.#field(position + 1, quote) : position + 1
      }
    }
    return position + 1
  }
}
