export interface ShapeLimits {
  readonly maximumDepth: number
  /** Names and elements of one body together. */
  readonly maximumValues: number
}

/** Deeper than any request to the service itself and than any history of messages; reading so many values takes a few milliseconds. */
export const ownShape: ShapeLimits = { maximumDepth: 64, maximumValues: 20_000 }

/** Deeper than the schemas that models take; as many values as a batch of embeddings by token has. */
export const passedShape: ShapeLimits = { maximumDepth: 128, maximumValues: 1_000_000 }

const [quote, backslash, comma, colon] = [34, 92, 44, 58]
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125]

/** By byte: 1 for those that say something of the shape outside of a string. */
const isMark = new Uint8Array(256)
for (const mark of [quote, comma, colon, openList, closeList, openObject, closeObject]) isMark[mark] = 1

/**
 * What makes a body one that is not read, by a look over its bytes: nesting or a number of values far beyond any request,
 * on which reading and checking would hold up everybody else; a name that stands twice in one object, of which a proxy in
 * front may take the other value. Null for any other body, valid or not.
 */
export function shapeFault(body: Buffer, { maximumDepth, maximumValues }: ShapeLimits): string | null {
  /** The names so far of each object that is open, null for a list. */
  const open: (Set<string> | null)[] = []
  /** Where the last string stands, from quote to quote. */
  let [begin, end] = [-1, -1]
  let values = 0
  const { length } = body
  for (let at = 0; at < length; at += 1) {
    while (at < length && isMark[body[at] ?? 0] === 0) at += 1
    const byte = body[at]
    if (byte === quote) {
      begin = at
      end = endOfString(body, at)
      at = end
    } else if (byte === comma || byte === colon) {
      values += 1
      if (values > maximumValues) return `It holds more than ${maximumValues} values.`
      if (byte === comma || begin < 0) continue
      const names = open.at(-1)
      if (names === null || names === undefined) continue
      const name = readName(body, begin, end)
      if (name === null) continue
      if (names.has(name)) return `The name "${name.slice(0, 100)}" stands twice in one object.`
      names.add(name)
    } else if (byte === openList || byte === openObject) {
      open.push(byte === openObject ? new Set() : null)
      if (open.length > maximumDepth) return `It is nested more than ${maximumDepth} deep.`
    } else if (byte === closeList || byte === closeObject) open.pop()
  }
  return null
}

/** What a name can hold that does not stand for itself as a byte. */
const notPlain = /[\\\x80-\xff]/

/** The name between these quotes; null where there is no string of JSON: reading the whole body says what is wrong and where. */
function readName(body: Buffer, begin: number, end: number): string | null {
  const plain = body.toString('latin1', begin + 1, end)
  if (!notPlain.test(plain)) return plain
  const text = body.toString('utf8', begin, end + 1)
  if (!text.includes('\\')) return text.slice(1, -1)
  try {
    return JSON.parse(text) as string
  } catch {
    return null
  }
}

/** Most strings are shorter than what it takes to ask for a search. */
const shortString = 24

/** Offset of the quote that ends the string which begins at `start`; the end of the body where none does. */
function endOfString(body: Buffer, start: number): number {
  const near = Math.min(body.length, start + shortString)
  for (let at = start + 1; at < near; at += 1) {
    if (body[at] === quote) return at
    if (body[at] === backslash) at += 1
  }
  for (let at = body.indexOf(quote, start + 1); at >= 0; at = body.indexOf(quote, at + 1)) {
    let before = at - 1
    while (body[before] === backslash) before -= 1
    if ((at - before) % 2 === 1) return at
  }
  return body.length
}
