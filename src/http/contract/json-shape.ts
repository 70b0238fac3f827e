/** Deeper than any request here, and than any history of messages. */
const maximumDepth = 64
/** Names and elements of one body together: reading so many takes a few milliseconds. */
const maximumValues = 20_000

const [quote, backslash, comma, colon] = [34, 92, 44, 58]
const opening: ReadonlySet<number> = new Set([91, 123])
const closing: ReadonlySet<number> = new Set([93, 125])

/**
 * What makes a body too costly to read, by a look over its bytes: nesting or number of values far beyond any request, on
 * which reading and checking would hold up everybody else. Null for a body of ordinary shape, valid or not.
 */
export function costlyShape(body: Buffer): string | null {
  let depth = 0
  let values = 0
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0
    if (byte === quote) at = endOfString(body, at)
    else if (byte === comma || byte === colon) {
      values += 1
      if (values > maximumValues) return `It holds more than ${maximumValues} values.`
    } else if (opening.has(byte)) {
      depth += 1
      if (depth > maximumDepth) return `It is nested more than ${maximumDepth} deep.`
    } else if (closing.has(byte)) depth -= 1
  }
  return null
}

/** Offset of the quote that ends the string which begins at `start`; the end of the body where none does. */
function endOfString(body: Buffer, start: number): number {
  for (let at = body.indexOf(quote, start + 1); at >= 0; at = body.indexOf(quote, at + 1)) {
    let before = at - 1
    while (body[before] === backslash) before -= 1
    if ((at - before) % 2 === 1) return at
  }
  return body.length
}
