import { normalize } from '../views/normalize.ts'
import { compact, rotated, type Compact } from './compact.ts'

/** A stretch of a compact text that stands in the texts of an index. */
export interface Run {
  /** Offsets into the compact text, end exclusive. */
  readonly start: number
  readonly end: number
  /** Which of the texts it is of. */
  readonly texts: ReadonlySet<number>
}

interface IndexOptions {
  /** Fewest characters that are compared. */
  readonly size: number
  /** Does a character of a text count? Places of the normalized text; without it all do. */
  readonly weigh?: (text: string) => (place: number) => boolean
  /** Does a stretch that more than eight places have count for none of them? Else it counts for the first of them. */
  readonly dropsCommon?: boolean
}

/** A stretch is looked up in so many places at most. */
const mostPlaces = 8
const factor = 0x01000193

/** One text of an index. */
interface Known {
  readonly length: number
  /** Characters that count. */
  readonly total: number
  /** 1 where a character counts. */
  readonly weights: Uint8Array
}

function knownOf(weights: Uint8Array): Known {
  return { length: weights.length, total: weights.reduce((sum, weight) => sum + weight, 0), weights }
}

interface Place {
  readonly writing: number
  readonly at: number
}

/** How texts are written that say the same: as they are, backwards, rotated by thirteen letters. */
interface Writing {
  readonly text: number
  readonly codes: Uint16Array
  /** The character of the text, as it is, that character `index` of this writing is. */
  readonly originOf: (index: number) => number
  readonly isBackwards: boolean
}

/**
 * Finds stretches of some texts in others, in time proportional to what is read: by a hash that rolls over it, each hit
 * compared character by character.
 */
export class OverlapIndex {
  readonly known: readonly Known[]
  readonly size: number
  readonly #writings: readonly Writing[]
  /** By hash: places of writings with the same characters. */
  readonly #places: ReadonlyMap<number, readonly Place[]>

  constructor(texts: readonly string[], { size, weigh, dropsCommon = false }: IndexOptions) {
    this.size = size
    const read = texts.map((text) => normalize(text).text)
    const plain = read.map(compact)
    this.#writings = read.flatMap((text, index) => writingsOf(index, text, plain[index] as Compact))
    this.#places = placesOf(this.#writings, { size, dropsCommon })
    this.known = plain.map((letters, index) => {
      const isCounted = weigh?.(read[index] as string) ?? (() => true)
      const isFound = this.#foundIn(letters)
      return knownOf(Uint8Array.from(letters.places, (place, at) => (isCounted(place) ? (isFound[at] as number) : 0)))
    })
  }

  /** 1 for each character of which a stretch is in the index. */
  #foundIn({ codes }: Compact): Uint8Array {
    const found = new Uint8Array(codes.length)
    rollOver(codes, this.size, (hash, at) => {
      if (this.#places.has(hash)) found.fill(1, at, at + this.size)
    })
    return found
  }

  /** What a compact text has of the texts. `covered`: of each text, what was seen of it, which is added to. */
  runsIn({ codes }: Compact, covered: readonly Uint8Array[]): Run[] {
    const { size } = this
    const runs: Run[] = []
    let run: { start: number; end: number; readonly texts: Set<number> } | null = null
    rollOver(codes, size, (hash, at) => {
      const places = this.#places.get(hash)
      if (places === undefined) return
      const isNext = run !== null && run.end === at + size - 1
      const texts = new Set<number>()
      for (const { writing, at: place } of places) {
        const { text, codes: written, originOf, isBackwards } = this.#writings[writing] as Writing
        if (!isSame({ codes, at }, { codes: written, at: place }, size)) continue
        const [one, other] = [originOf(place), originOf(place + size - 1)]
        const [first, last] = isBackwards ? [other, one] : [one, other]
        // Of a stretch that goes on only one character is new.
        const [from, to] = !isNext ? [first, last] : isBackwards ? [first, first] : [last, last]
        covered[text]?.fill(1, from, to + 1)
        texts.add(text)
      }
      if (texts.size === 0) return
      if (run === null || !isNext) runs.push((run = { start: at, end: at, texts: new Set() }))
      run.end = at + size
      for (const text of texts) run.texts.add(text)
    })
    return runs
  }

  /** For `runsIn`: nothing seen yet. */
  nothingSeen(): Uint8Array[] {
    return this.known.map(({ length }) => new Uint8Array(length))
  }

  /** The most characters that count of a stretch of a text that was seen without a gap. */
  longestSeenOf(text: number, covered: readonly Uint8Array[]): number {
    const { weights } = this.known[text] as Known
    let longest = 0
    let run = 0
    for (const [at, isSeen] of (covered[text] as Uint8Array).entries()) {
      run = isSeen === 0 ? 0 : run + (weights[at] as number)
      if (run > longest) longest = run
    }
    return longest
  }

  /** How many characters that count were seen of a text. */
  seenOf(text: number, covered: readonly Uint8Array[]): number {
    const { weights } = this.known[text] as Known
    let seen = 0
    for (const [at, isSeen] of (covered[text] as Uint8Array).entries()) seen += isSeen * (weights[at] as number)
    return seen
  }
}

/** Where each stretch stands; without those that say nothing. */
function placesOf(
  writings: readonly Writing[],
  { size, dropsCommon }: Pick<IndexOptions, 'size' | 'dropsCommon'>,
): ReadonlyMap<number, readonly Place[]> {
  const all = new Map<number, Place[]>()
  for (const [writing, { codes }] of writings.entries()) {
    rollOver(codes, size, (hash, at) => {
      // A row of one or two characters is a ruler.
      if (!isTelling(codes, at, size)) return
      const places = all.get(hash)
      if (places === undefined) all.set(hash, [{ writing, at }])
      else if (places.length <= mostPlaces) places.push({ writing, at })
    })
  }
  for (const [hash, places] of all) {
    if (places.length <= mostPlaces) continue
    if (dropsCommon === true) all.delete(hash)
    else places.pop()
  }
  return all
}

function writingsOf(text: number, read: string, plain: Compact): Writing[] {
  const { length } = plain
  const asItIs = { text, codes: plain.codes, originOf: (at: number) => at, isBackwards: false }
  const backwards = {
    text,
    codes: plain.codes.toReversed(),
    originOf: (at: number) => length - 1 - at,
    isBackwards: true,
  }
  if (!/[a-z]/i.test(read)) return [asItIs, backwards]
  const turned = compact(rotated(read))
  const indexOf = new Int32Array(read.length)
  let index = 0
  for (let place = 0; place < read.length; place += 1) {
    while (index + 1 < length && (plain.places[index + 1] as number) <= place) index += 1
    indexOf[place] = index
  }
  const originOf = (at: number) => indexOf[turned.places[at] as number] as number
  return [asItIs, backwards, { text, codes: turned.codes, originOf, isBackwards: false }]
}

interface Stretch {
  readonly codes: Uint16Array
  readonly at: number
}

function isSame(one: Stretch, other: Stretch, size: number): boolean {
  for (let index = 0; index < size; index += 1) {
    if (one.codes[one.at + index] !== other.codes[other.at + index]) return false
  }
  return true
}

/** Has a stretch three different characters? */
function isTelling(codes: Uint16Array, at: number, size: number): boolean {
  const first = codes[at]
  let second = first
  for (let index = at + 1; index < at + size; index += 1) {
    const code = codes[index]
    if (code === first || code === second) continue
    if (second !== first) return true
    second = code
  }
  return false
}

/** Says the hash of each stretch of `size` characters, first to last. */
function rollOver(codes: Uint16Array, size: number, say: (hash: number, at: number) => void): void {
  let power = 1
  for (let count = 1; count < size; count += 1) power = Math.imul(power, factor)
  let hash = 0
  for (let at = 0; at < codes.length; at += 1) {
    if (at >= size) hash = (hash - Math.imul(codes[at - size] as number, power)) | 0
    hash = (Math.imul(hash, factor) + (codes[at] as number)) | 0
    if (at >= size - 1) say(hash, at - size + 1)
  }
}
