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

/** After so many values the rest are counted before another name is read: a body that is refused for them is not worth more. */
const valuesBeforeCounting = 1_000

/**
 * What makes a body one that is not read, by a look over its bytes: nesting or a number of values far beyond any request,
 * on which reading and checking would hold up everybody else; a name that stands twice in one object, of which a proxy in
 * front may take the other value. Null for any other body, valid or not.
 */
export function shapeFault(body: Buffer, { maximumDepth, maximumValues }: ShapeLimits): string | null {
  /** The names so far of each object that is open, null for a list. */
  const open: (ObjectNames | null)[] = []
  /** By depth, the names of the object that ended there last. */
  const ended: NamePlaces[] = []
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
      if (values > maximumValues || (values === valuesBeforeCounting && isMoreFrom(body, at, maximumValues - values))) {
        return `It holds more than ${maximumValues} values.`
      }
      if (byte === comma || begin < 0) continue
      const twice = open.at(-1)?.add(begin, end) ?? null
      if (twice !== null) return `The name "${twice.slice(0, 100)}" stands twice in one object.`
    } else if (byte === openList || byte === openObject) {
      open.push(byte === openObject ? new ObjectNames(body, ended[open.length] ?? []) : null)
      if (open.length > maximumDepth) return `It is nested more than ${maximumDepth} deep.`
    } else if (byte === closeList || byte === closeObject) {
      const names = open.pop()
      if (names !== null && names !== undefined) ended[open.length] = names.places
    }
  }
  return null
}

/** Do more than so many values follow behind this place? Reads nothing but where strings end. */
function isMoreFrom(body: Buffer, place: number, most: number): boolean {
  if (body.length - place <= most) return false
  let values = 0
  for (let at = place + 1; at < body.length && values <= most; at += 1) {
    const byte = body[at]
    if (byte === quote) at = endOfString(body, at)
    else if (byte === comma || byte === colon) values += 1
  }
  return values > most
}

/** Where names stand, from quote to quote: begin and end of each in turn. */
type NamePlaces = readonly number[]

/**
 * The names of an object, none of them twice. Objects of one list mostly have the same names in the same order: as long as the bytes
 * are those of another object, which has none twice, nothing has to be kept of them.
 */
class ObjectNames {
  readonly #body: Buffer
  readonly #like: NamePlaces
  /** Numbers of `#like` that are the same here. */
  #same = 0
  #own: { readonly places: number[]; readonly names: Set<string> } | null = null

  constructor(body: Buffer, like: NamePlaces) {
    this.#body = body
    this.#like = like
  }

  /** Of this object, or of a longer one that begins as it does. */
  get places(): NamePlaces {
    return this.#own?.places ?? this.#like
  }

  /** The name between these quotes where it is there already. */
  add(begin: number, end: number): string | null {
    if (this.#own === null && this.#isNextOfLike(begin, end)) {
      this.#same += 2
      return null
    }
    const { names, places } = (this.#own ??= this.#ownOnes())
    const name = readName(this.#body, begin, end)
    if (name === null) return null
    if (names.has(name)) return name
    names.add(name)
    places.push(begin, end)
    return null
  }

  #isNextOfLike(begin: number, end: number): boolean {
    const [body, other] = [this.#body, this.#like[this.#same]]
    if (other === undefined || this.#like[this.#same + 1] !== other + end - begin) return false
    for (let at = 1; at < end - begin; at += 1) if (body[begin + at] !== body[other + at]) return false
    return true
  }

  #ownOnes(): { readonly places: number[]; readonly names: Set<string> } {
    const places = this.#like.slice(0, this.#same)
    const names = new Set<string>()
    for (let at = 0; at < places.length; at += 2) {
      const name = readName(this.#body, places[at] ?? 0, places[at + 1] ?? 0)
      if (name !== null) names.add(name)
    }
    return { places, names }
  }
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
