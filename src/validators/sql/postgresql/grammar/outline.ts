/** Printable ASCII between quotes, or short digits that are a number of their own: no parser ends either early. */
const plainLiteral = /'[^']*'|(?<![\w.])\d{1,9}(?:\.\d{1,9})?(?![\w.])/g
/** Escapes, comments, and every other way to quote: where one is, two parsers may disagree on where a literal ends. */
const unclear = /[^\t\n\r -~]|[\\"`$#[\]{}]|--|\/\*/

/** A text whose plain literals are separated from everything else. It is ASCII, so bytes and code units count alike. */
export interface Outline {
  /** Every literal replaced by an empty one of its kind: `''`, `0` or `0.0`. */
  readonly text: string
  /** The literals as written, with their quotes, in their order. */
  readonly literals: readonly string[]
  /** Where each begins in the source. */
  readonly starts: readonly number[]
}

/**
 * The text with its plain literals taken out, or null where it is not certain what a literal is. Quotes alternate in such
 * a text for every parser, so texts of one outline differ only in what all of them take for the content of a literal.
 */
export function readOutline(source: string): Outline | null {
  if (unclear.test(source)) return null
  const pieces = source.split("'")
  if (pieces.length % 2 === 0) return null
  if (pieces.some((piece, index) => index % 2 === 1 && /[\t\n\r]/.test(piece))) return null
  const literals: string[] = []
  const starts: number[] = []
  const text = source.replace(plainLiteral, (literal, start: number) => {
    literals.push(literal)
    starts.push(start)
    if (literal.startsWith("'")) return "''"
    return literal.includes('.') ? '0.0' : '0'
  })
  return { text, literals, starts }
}

/** The text of an outline alone. */
export function outlineOf(source: string): string | null {
  return readOutline(source)?.text ?? null
}
