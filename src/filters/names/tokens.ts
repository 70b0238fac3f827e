/** What a token is. `opaque` is an address, a path, an identifier, …: no word of a sentence. */
export const kinds = { word: 0, number: 1, mixed: 2, sign: 3, line: 4, gap: 5, opaque: 6 } as const

/** How a token is written; numbers from `digits` on tell how many there are. */
export const shapes = {
  lower: 0,
  lowerLetter: 1,
  capitalLetter: 2,
  capitalized: 3,
  shortCapitals: 4,
  capitals: 5,
  joined: 6,
  innerCapital: 7,
  mixedCase: 8,
  digits: 9,
  longNumber: 14,
  pointed: 15,
  digitFirst: 16,
  letterFirst: 17,
  sign: 18,
  line: 19,
  gap: 20,
  opaque: 21,
  otherScript: 22,
} as const

/** Longer chunks without a blank are no words. */
const longestChunk = 80
const offset = 0x811c9dc5
const prime = 0x01000193

/** Mixes two numbers of 32 bits into one. */
export function mix(one: number, other: number): number {
  let mixed = Math.imul(one ^ (other + 0x9e3779b9), 0x85ebca6b)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 13)
}

/** The hash of a word as `Tokens` has it: of its lower case. */
export function hashOf(word: string): number {
  return hashBetween(word.toLowerCase(), 0, word.length)
}

function hashBetween(text: string, start: number, end: number): number {
  let hash = offset
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), prime)
  return hash ^ (hash >>> 15)
}

const isDigit = (code: number) => code >= 48 && code <= 57
const isBlank = (code: number) => code === 32 || (code >= 9 && code <= 13) || code === 0xa0

function isLetter(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return code === 0xaa || code === 0xba
  if (code < 0x2000) return true
  return code >= 0x3040 && code < 0xd800
}

/** Characters that stand in no word of a sentence. */
const opaqueSigns = new Set(Array.from('@_\\={}<>#~^|$*`[]+&%', (sign) => sign.charCodeAt(0)))
const [dot, slash, colon, hyphen, apostrophe, curly] = [46, 47, 58, 45, 39, 0x2019]

/** Does a chunk, its outer punctuation gone, stand for something in a program or on a network? */
function isOpaque(text: string, start: number, end: number): boolean {
  let slashes = 0
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (opaqueSigns.has(code)) return code !== 38 || end - start > 5
    if (code === slash) slashes += 1
    if (at === start) continue
    const before = text.charCodeAt(at - 1)
    const behind = text.charCodeAt(at + 1)
    if (at + 1 >= end) continue
    // `example.com`, `this.name`; an abbreviation has one letter before each of its dots.
    if (code === dot && isLetter(before) && at - 1 > start && isLetter(text.charCodeAt(at - 2)) && isLetter(behind)) {
      if (behind > 96 || text.charCodeAt(start) > 96) return true
    }
    if (code === colon && (behind === slash || behind === colon || isLetter(behind))) return true
    if (code === 40 || code === 41 || code === 59) return true
    // `userName`
    if (code >= 65 && code <= 90 && before >= 97 && before <= 122 && text.charCodeAt(start) > 96) return true
  }
  return slashes > 1 || text.charCodeAt(start) === slash
}

/** Letters up to which a word is a sign of its own kind. */
const shortCapitals = 3

function shapeOfWord(text: string, start: number, end: number): number {
  let [capitals, small, first, joints, inner] = [0, 0, false, 0, 0]
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code === hyphen || code === apostrophe || code === curly) {
      joints += 1
      continue
    }
    const isCapital = code < 128 ? code < 97 : text.charAt(at) !== text.charAt(at).toLowerCase()
    if (code >= 0x3040) return shapes.otherScript
    if (isCapital) {
      capitals += 1
      if (at === start) first = true
      else if (joints === 0) inner += 1
    } else small += 1
  }
  if (end - start === 1) return capitals === 1 ? shapes.capitalLetter : shapes.lowerLetter
  if (capitals === 0) return shapes.lower
  if (small === 0) return end - start <= shortCapitals ? shapes.shortCapitals : shapes.capitals
  if (!first) return shapes.mixedCase
  if (joints > 0 && capitals > 1) return shapes.joined
  return inner === 0 ? shapes.capitalized : shapes.innerCapital
}

/**
 * The words, numbers, signs and ends of lines of a text, in order, as columns: `starts` and `ends` are UTF-16 offsets, end
 * exclusive. Time and memory follow the length of the text.
 */
export class Tokens {
  readonly starts: number[] = []
  readonly ends: number[] = []
  readonly kinds: number[] = []
  readonly shapes: number[] = []
  /** Of what stands there in lower case; of numbers, their shape; of opaque ones, nothing. */
  readonly hashes: number[] = []
  readonly heads: number[] = []
  /** Hashes of the last two, three and four letters. */
  readonly tails: { readonly two: number[]; readonly three: number[]; readonly four: number[] } = {
    two: [],
    three: [],
    four: [],
  }

  readonly text: string

  constructor(text: string) {
    this.text = text
    let at = 0
    while (at < text.length) {
      if (isBlank(text.charCodeAt(at))) {
        at = this.#readBlanks(at)
        continue
      }
      let end = at + 1
      while (end < text.length && !isBlank(text.charCodeAt(end))) end += 1
      this.#readChunk(at, end)
      at = end
    }
  }

  get length(): number {
    return this.starts.length
  }

  #readBlanks(start: number): number {
    let lines = 0
    let at = start
    while (at < this.text.length && isBlank(this.text.charCodeAt(at))) {
      if (this.text.charCodeAt(at) === 10) lines += 1
      at += 1
    }
    if (lines === 1) this.#push(start, at, kinds.line, shapes.line)
    if (lines > 1) this.#push(start, at, kinds.gap, shapes.gap)
    return at
  }

  #readChunk(from: number, to: number): void {
    const { text } = this
    if (to - from > longestChunk) return this.#push(from, to, kinds.opaque, shapes.opaque)
    let [start, end] = [from, to]
    const isOuter = (code: number) => !isLetter(code) && !isDigit(code) && code !== slash && code !== 95 && code !== 64
    while (start < end && isOuter(text.charCodeAt(start))) {
      this.#push(start, start + 1, kinds.sign, shapes.sign)
      start += 1
    }
    while (end > start && isOuter(text.charCodeAt(end - 1))) end -= 1
    if (start < end && isOpaque(text, start, end)) this.#push(start, end, kinds.opaque, shapes.opaque)
    else for (let at = start; at < end;) at = this.#readPiece(at, end)
    for (let at = Math.max(start, end); at < to; at += 1) this.#push(at, at + 1, kinds.sign, shapes.sign)
  }

  /** One word, number or sign of a chunk; where it ends. */
  #readPiece(start: number, end: number): number {
    const { text } = this
    const first = text.charCodeAt(start)
    if (!isLetter(first) && !isDigit(first)) {
      this.#push(start, start + 1, kinds.sign, shapes.sign)
      return start + 1
    }
    let [letters, digits, points, at] = [0, 0, 0, start]
    for (; at < end; at += 1) {
      const code = text.charCodeAt(at)
      if (isLetter(code)) letters += 1
      else if (isDigit(code)) digits += 1
      else if (!isInside(text, at, end)) break
      else if (code === dot || code === 44) points += 1
    }
    if (digits === 0) {
      const tail = at - 2
      // `Smith's`: the name is what stands before it.
      const isPossessive = at - start > 2 && /^['’][sS]$/.test(text.slice(tail, at))
      this.#push(start, isPossessive ? tail : at, kinds.word, -1)
      if (isPossessive) this.#push(tail, at, kinds.sign, shapes.sign)
    } else if (letters === 0) this.#push(start, at, kinds.number, shapeOfNumber(digits, points))
    else this.#push(start, at, kinds.mixed, isDigit(first) ? shapes.digitFirst : shapes.letterFirst)
    return at
  }

  #push(start: number, end: number, kind: number, shape: number): void {
    const { text } = this
    this.starts.push(start)
    this.ends.push(end)
    this.kinds.push(kind)
    this.shapes.push(shape < 0 ? shapeOfWord(text, start, end) : shape)
    const isWord = kind === kinds.word
    const lower = isWord ? text.slice(start, end).toLowerCase() : ''
    this.hashes.push(isWord ? hashBetween(lower, 0, lower.length) : this.#hashOfOther(start, end, kind, shape))
    const { length } = lower
    this.heads.push(isWord ? hashBetween(lower, 0, Math.min(3, length)) : 0)
    this.tails.two.push(isWord ? hashBetween(lower, Math.max(0, length - 2), length) : 0)
    this.tails.three.push(isWord ? hashBetween(lower, Math.max(0, length - 3), length) : 0)
    this.tails.four.push(isWord ? hashBetween(lower, Math.max(0, length - 4), length) : 0)
  }

  #hashOfOther(start: number, end: number, kind: number, shape: number): number {
    if (kind === kinds.sign) return hashBetween(this.text, start, end)
    if (kind !== kinds.mixed) return shape
    // `5th`, `12b`: one word for every number.
    return hashOf(this.text.slice(start, Math.min(end, start + 12)).replace(/\d+/g, '0'))
  }
}

/** A hyphen, an apostrophe between letters; a dot, a comma between digits. */
function isInside(text: string, at: number, end: number): boolean {
  if (at + 1 >= end) return false
  const [code, before, behind] = [text.charCodeAt(at), text.charCodeAt(at - 1), text.charCodeAt(at + 1)]
  if (code === hyphen || code === apostrophe || code === curly) return isLetter(before) && isLetter(behind)
  return (code === dot || code === 44) && isDigit(before) && isDigit(behind)
}

function shapeOfNumber(digits: number, points: number): number {
  if (points > 0) return shapes.pointed
  return digits > 5 ? shapes.longNumber : shapes.digits + digits - 1
}
