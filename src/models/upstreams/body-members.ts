const [quote, backslash, comma, colon] = [34, 92, 44, 58]
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125]

/**
 * The body with another name as the value of its top-level `model`, every other byte as it was: numbers beyond 2^53, the
 * order of names and the spelling of texts stay. The body is an object of valid JSON in which no name stands twice.
 */
export function replaceModel(body: Buffer, model: string): Buffer {
  return replaced(body, 'model', JSON.stringify(model)) ?? body
}

/**
 * The body with a number as its top-level member of this name, in the place of a text, a number or null where one is there
 * and before all others where none is; every other byte as it was. The body is as for `replaceModel`, and has other members.
 */
export function withNumber(body: Buffer, name: string, value: number): Buffer {
  const there = replaced(body, name, JSON.stringify(value))
  if (there !== null) return there
  const begin = body.indexOf(openObject) + 1
  const added = Buffer.from(`${JSON.stringify(name)}:${value},`)
  return Buffer.concat([body.subarray(0, begin), added, body.subarray(begin)])
}

function replaced(body: Buffer, name: string, json: string): Buffer | null {
  const span = spanOf(body, name)
  return span && Buffer.concat([body.subarray(0, span.begin), Buffer.from(json), body.subarray(span.end)])
}

interface Span {
  readonly begin: number
  /** The offset behind the last byte. */
  readonly end: number
}

/** Where the value of the outermost member of this name stands, quotes and all; null for a list, an object and no member. */
function spanOf(body: Buffer, name: string): Span | null {
  let depth = 0
  let isName = false
  let named = false
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at]
    if (byte === quote) {
      const end = endOfString(body, at)
      if (depth === 1 && !isName && named) return { begin: at, end: end + 1 }
      named = depth === 1 && isName && JSON.parse(body.toString('utf8', at, end + 1)) === name
      at = end
    } else if (depth === 1 && !isName && named && isLiteral(byte)) {
      let end = at + 1
      while (isLiteral(body[end])) end += 1
      return { begin: at, end }
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

/** Is it a byte of a number, of true, false or null? */
const isLiteral = (byte = 0): boolean => /[\w.+-]/.test(String.fromCharCode(byte))

/** Offset of the quote that ends the string which begins at `start`. */
function endOfString(body: Buffer, start: number): number {
  for (let at = body.indexOf(quote, start + 1); at >= 0; at = body.indexOf(quote, at + 1)) {
    let before = at - 1
    while (body[before] === backslash) before -= 1
    if ((at - before) % 2 === 1) return at
  }
  return body.length
}
