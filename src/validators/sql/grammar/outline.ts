/** Printable ASCII without a quote or a backslash: whatever stands between two quotes here, no parser ends it early. */
const plainText = /'[ -&(-[\]-~]*'/g
const plainInteger = /(?<![\w.])\d{1,9}(?![\w.])/g
/** Escapes, comments, and every other way to quote: where one is, two parsers may disagree on where a literal ends. */
const unclear = /[^\t\n\r -~]|[\\"`$#[\]{}]|--|\/\*/

/**
 * The text with its plain literals taken out, or null where it is not certain what a literal is. Quotes alternate in such
 * a text for every parser, so texts of one outline differ only in what all of them take for the content of a literal.
 */
export function outlineOf(source: string): string | null {
  if (unclear.test(source)) return null
  const pieces = source.split("'")
  if (pieces.length % 2 === 0) return null
  return source.replace(plainText, "''").replace(plainInteger, '0')
}
