const [quote, backslash, comma, colon] = [34, 92, 44, 58]
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125]

/**
 * The body with another name as the value of its top-level `model`, every other byte as it was: numbers beyond 2^53, the
 * order of names and the spelling of texts stay. The body is an object of valid JSON in which no name stands twice.
 */
export function replaceModel(body: Buffer, model: string): Buffer {
  const span = spanOfModel(body)
  if (span === null) return body
  return Buffer.concat([body.subarray(0, span.begin), Buffer.from(JSON.stringify(model)), body.subarray(span.end)])
}

interface Span {
  readonly begin: number
  /** The offset behind the last byte. */
  readonly end: number
}

/** Where the text that is the value of the outermost `model` stands, quotes and all. */
function spanOfModel(body: Buffer): Span | null {
  let depth = 0
  let isName = false
  let named = false
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at]
    if (byte === quote) {
      const end = endOfString(body, at)
      if (depth === 1 && !isName && named) return { begin: at, end: end + 1 }
      named = depth === 1 && isName && JSON.parse(body.toString('utf8', at, end + 1)) === 'model'
      at = end
    } else if (byte === openObject || byte === openList) {
      depth += 1
      isName = byte === openObject
    } else if (byte === closeObject || byte === closeList) {
      depth -= 1
    } else if (byte === colon) isName = false
    else if (byte === comma) {
      isName = true
      named = false
    }
  }
  return null
}

/** Offset of the quote that ends the string which begins at `start`. */
function endOfString(body: Buffer, start: number): number {
  for (let at = body.indexOf(quote, start + 1); at >= 0; at = body.indexOf(quote, at + 1)) {
    let before = at - 1
    while (body[before] === backslash) before -= 1
    if ((at - before) % 2 === 1) return at
  }
  return body.length
}
