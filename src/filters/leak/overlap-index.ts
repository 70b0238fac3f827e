import { normalize } from '../views/normalize.ts'
import { compact, rotated, type Compact } from './compact.ts'
import { StretchTable } from './stretch-table.ts'

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

const factor = 0x01000193
/** Characters that are read in one step. */
const stepLength = 8_192

/** All that an index is made of. */
interface Made {
  readonly known: readonly Known[]
  readonly writings: readonly Writing[]
  readonly codes: Uint16Array
  readonly starts: readonly number[]
  readonly table: StretchTable
}

/** One text of an index. */
interface Known {
  readonly length: number
  /** Characters that count. */
  readonly total: number
  /** 1 where a character counts. */
  readonly weights: Uint8Array
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
  /** All of the writings, one behind the other, and where each begins. */
  readonly #codes: Uint16Array
  readonly #starts: readonly number[]
  readonly #table: StretchTable

  private constructor(size: number, made: Made) {
    this.size = size
    this.known = made.known
    this.#writings = made.writings
    this.#codes = made.codes
    this.#starts = made.starts
    this.#table = made.table
  }

  static of(texts: readonly string[], options: IndexOptions): OverlapIndex {
    const steps = OverlapIndex.building(texts, options)
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
    }
  }

  /** The same in steps of some milliseconds at most. */
  static *building(texts: readonly string[], options: IndexOptions): Generator<void, OverlapIndex> {
    const { size, weigh, dropsCommon = false } = options
    const read: string[] = []
    const plain: Compact[] = []
    const writings: Writing[] = []
    for (const [index, given] of texts.entries()) {
      const { text } = normalize(given)
      const letters = compact(text)
      read.push(text)
      plain.push(letters)
      yield
      writings.push(...writingsOf(index, text, letters))
      yield
    }
    const starts: number[] = []
    let length = 0
    for (const { codes } of writings) {
      starts.push(length)
      length += codes.length
    }
    const codes = new Uint16Array(length)
    const table = new StretchTable(length, dropsCommon)
    for (const [at, writing] of writings.entries()) {
      const start = starts[at] as number
      codes.set(writing.codes, start)
      // A row of one or two characters is a ruler.
      const add = (hash: number, place: number) => {
        if (isTelling(writing.codes, place, size)) table.add(hash, start + place)
      }
      yield* inSteps(writing.codes, size, add)
    }
    const known: Known[] = []
    for (const [index, letters] of plain.entries()) {
      const isCounted = weigh?.(read[index] as string) ?? (() => true)
      // 1 for each character of which a stretch is in the index.
      const weights = new Uint8Array(letters.length)
      yield* inSteps(letters.codes, size, (hash, at) => {
        if (table.firstOf(hash) >= 0) weights.fill(1, at, at + size)
      })
      let total = 0
      for (let at = 0; at < weights.length; at += 1) {
        if (weights[at] === 0) continue
        if (isCounted(letters.places[at] as number)) total += 1
        else weights[at] = 0
      }
      known.push({ length: weights.length, total, weights })
      yield
    }
    return new OverlapIndex(size, { known, writings, codes, starts, table })
  }

  /** What a compact text has of the texts. `covered`: of each text, what was seen of it, which is added to. */
  runsIn({ codes }: Compact, covered: readonly Uint8Array[]): Run[] {
    const { size } = this
    const table = this.#table
    const runs: Run[] = []
    let run: { start: number; end: number; readonly texts: Set<number> } | null = null
    rollOver(codes, size, (hash, at) => {
      const first = table.firstOf(hash)
      if (first < 0) return
      const isNext = run !== null && run.end === at + size - 1
      const texts = new Set<number>()
      for (let place = first; place >= 0; place = table.following(place)) {
        if (!isSame({ codes, at }, { codes: this.#codes, at: place }, size)) continue
        const [writing, start] = this.#writingAt(place)
        const { text, originOf, isBackwards } = writing
        const [one, other] = [originOf(place - start), originOf(place - start + size - 1)]
        const [from, to] = isBackwards ? [other, one] : [one, other]
        // Of a stretch that goes on only one character is new.
        const [begin, end] = !isNext ? [from, to] : isBackwards ? [from, from] : [to, to]
        covered[text]?.fill(1, begin, end + 1)
        texts.add(text)
      }
      if (texts.size === 0) return
      if (run === null || !isNext) runs.push((run = { start: at, end: at, texts: new Set() }))
      run.end = at + size
      for (const text of texts) run.texts.add(text)
    })
    return runs
  }

  /** The writing that a place is in, and where it begins. */
  #writingAt(place: number): readonly [Writing, number] {
    const starts = this.#starts
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= place) low = middle
      else high = middle - 1
    }
    return [this.#writings[low] as Writing, starts[low] as number]
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
    const seen = covered[text] as Uint8Array
    for (let at = 0; at < seen.length; at += 1) {
      run = seen[at] === 0 ? 0 : run + (weights[at] as number)
      if (run > longest) longest = run
    }
    return longest
  }

  /** How many characters that count were seen of a text. */
  seenOf(text: number, covered: readonly Uint8Array[]): number {
    const { weights } = this.known[text] as Known
    const seen = covered[text] as Uint8Array
    let count = 0
    for (let at = 0; at < seen.length; at += 1) count += (seen[at] as number) * (weights[at] as number)
    return count
  }
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

/** The same as `rollOver`, some thousand characters at a time. */
function* inSteps(codes: Uint16Array, size: number, say: (hash: number, at: number) => void): Generator<void> {
  for (let from = 0; from < codes.length; from += stepLength) {
    const begin = Math.max(0, from - size + 1)
    rollOver(codes.subarray(begin, from + stepLength), size, (hash, at) => say(hash, begin + at))
    yield
  }
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
