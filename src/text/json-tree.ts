/** A value of a JSON text with its place: offsets in UTF-16 units, the end exclusive. */
export type JsonNode = JsonObjectNode | JsonListNode | JsonLeafNode

interface Place {
  readonly start: number
  readonly end: number
}

export interface JsonObjectNode extends Place {
  readonly kind: 'object'
  readonly members: readonly JsonMember[]
}

export interface JsonMember {
  readonly name: string
  /** Where the name stands, with its quotes. */
  readonly at: Place
  readonly value: JsonNode
}

export interface JsonListNode extends Place {
  readonly kind: 'list'
  /** Empty for a list of nothing but numbers, which can be very long: its own text has them. */
  readonly elements: readonly JsonNode[]
  readonly onlyNumbers: boolean
}

/** A text, a number, or `true`, `false` and `null`. */
export interface JsonLeafNode extends Place {
  readonly kind: 'string' | 'number' | 'word'
}

/** Objects and lists in each other: far more than people and programs write. */
export const deepest = 512

const [quote, backslash, comma] = [34, 92, 44]
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125]

/**
 * The values of a JSON text with the places where they stand, so that one can be changed and every other character left
 * as it is: numbers beyond 2^53, the order of names, white space, escapes. The text is valid JSON; for any other the tree
 * is one of no use, and reading it ends all the same. Throws a RangeError for one nested more than `deepest` deep, on
 * which whoever walks the tree would run out of stack.
 */
export function jsonTree(text: string): JsonNode {
  return new TreeReader(text).value(blanksEnd(text, 0), 0)
}

/** The text that a node of kind `string` is, or the name that a member has: its escapes are read. */
export function stringAt(json: string, { start, end }: Place): string {
  const inner = json.slice(start + 1, end - 1)
  return inner.includes('\\') ? (JSON.parse(json.slice(start, end)) as string) : inner
}

/** A stretch of a text and what stands in its place. */
export interface Replacement extends Place {
  readonly by: string
}

/** The text with its stretches replaced. They do not overlap and come in their order. */
export function replaceStretches(text: string, replacements: readonly Replacement[]): string {
  let result = ''
  let at = 0
  for (const { start, end, by } of replacements) {
    result += text.slice(at, start) + by
    at = end
  }
  return result + text.slice(at)
}

class TreeReader {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  value(start: number, depth: number): JsonNode {
    if (depth > deepest) throw new RangeError(`The JSON is nested more than ${deepest} deep.`)
    const first = this.#text.charCodeAt(start)
    if (first === quote) return { kind: 'string', start, end: stringEnd(this.#text, start) }
    if (first === openObject) return this.#object(start, depth + 1)
    if (first === openList) return this.#list(start, depth + 1)
    const end = wordEnd(this.#text, start)
    return { kind: isNumberStart(first) ? 'number' : 'word', start, end }
  }

  #object(start: number, depth: number): JsonObjectNode {
    const text = this.#text
    const members: JsonMember[] = []
    let at = blanksEnd(text, start + 1)
    while (text.charCodeAt(at) === quote) {
      const place = { start: at, end: stringEnd(text, at) }
      // Behind the name stands the colon.
      const value = this.value(blanksEnd(text, blanksEnd(text, place.end) + 1), depth)
      members.push({ name: stringAt(text, place), at: place, value })
      at = blanksEnd(text, value.end)
      if (text.charCodeAt(at) === comma) at = blanksEnd(text, at + 1)
    }
    return { kind: 'object', start, end: Math.min(at + 1, text.length), members }
  }

  #list(start: number, depth: number): JsonListNode {
    const text = this.#text
    const first = blanksEnd(text, start + 1)
    const numbersEnd = endOfNumbers(text, first)
    if (numbersEnd !== null) return { kind: 'list', start, end: numbersEnd, elements: [], onlyNumbers: true }
    const elements: JsonNode[] = []
    let at = first
    while (at < text.length && text.charCodeAt(at) !== closeList) {
      const value = this.value(at, depth)
      if (value.end === at) break
      elements.push(value)
      at = blanksEnd(text, value.end)
      if (text.charCodeAt(at) === comma) at = blanksEnd(text, at + 1)
    }
    return { kind: 'list', start, end: Math.min(at + 1, text.length), elements, onlyNumbers: false }
  }
}

const isNumberStart = (code: number): boolean => code === 45 || (code >= 48 && code <= 57)

const numbers = /[-+.\d\s,eE]*\]/y

/** Offset behind a list of numbers whose first element begins at `at`; null where there is none, or another list. */
function endOfNumbers(text: string, at: number): number | null {
  if (!isNumberStart(text.charCodeAt(at))) return null
  numbers.lastIndex = at
  return numbers.test(text) ? numbers.lastIndex : null
}

function blanksEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && text.charCodeAt(end) <= 32) end += 1
  return end
}

/** Offset behind the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1
    while (text.charCodeAt(before) === backslash) before -= 1
    if ((at - before) % 2 === 1) return at + 1
  }
  return text.length
}

/** Offset behind a number or a word that begins at `start`. */
function wordEnd(text: string, start: number): number {
  let at = start
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code <= 32 || code === comma || code === closeList || code === closeObject) return at
  }
  return at
}
