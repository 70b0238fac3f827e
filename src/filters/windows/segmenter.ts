import { OpenBlocks } from './open-blocks.ts'

/** Shortest segment that is worth a check of its own, in UTF-16 code units. */
const shortest = 160
/** A segment of at least this length may also end at a line of an encoding. */
const longEnough = 1_024
const longest = 4_096
/** A fenced block or a key is checked as a whole up to this length. */
const longestOpen = 16_384

const boundary = /\n|[.!?:] /g
/** The end of a line that may go on in the next: base64, escapes, pairs of hexadecimal digits. */
const encodedEnd = /[\w+/=%&#;\\-]{16}[ \t\r\\]{0,3}\n$|(?:[0-9a-f]{2}[ :,-]){5}[0-9a-f]{0,2}\s?\n$/i

/** What a marker that began before a cut is recognized by. */
const kept = 64

function isHighSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800
}

function isLowSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00
}

/**
 * Cuts a text into segments at places that depend on the text before them alone, so that how it arrived in chunks makes
 * no difference: after a line or a sentence, never inside a fenced block or a private key, and at a limit at the latest.
 */
export class Segmenter {
  #text = ''
  /** What was not handed out yet begins here. */
  #start = 0
  /** Places up to here were looked at. */
  #examined = 0
  /** The next end of a line or a sentence, once it was looked for. */
  #peeked = 0
  readonly #blocks = new OpenBlocks()

  push(text: string): void {
    const dropped = Math.max(0, this.#start - kept)
    this.#text = this.#text.slice(dropped) + text
    this.#start -= dropped
    this.#examined -= dropped
    this.#peeked = 0
    this.#blocks.move(dropped)
  }

  /** The next whole segment, null where more text has to come first. */
  next(): string | null {
    // The second half of the last character may be still to come.
    const length = this.#text.length - (isHighSurrogate(this.#text, this.#text.length - 1) ? 1 : 0)
    let place = Math.max(this.#examined + 1, this.#start + shortest)
    for (; place <= length; place += 1) {
      place = Math.min(this.#nextBoundary(place), this.#nextOverdue(place))
      if (place > length) break
      const isInside = isHighSurrogate(this.#text, place - 1) && isLowSurrogate(this.#text, place)
      const cut = isInside ? place + 1 : place
      if (this.#isCut(cut)) return this.#take(cut)
    }
    this.#examined = Math.max(this.#examined, length)
    return null
  }

  /** What is left when no more text comes. */
  end(): string {
    return this.#take(this.#text.length)
  }

  #take(cut: number): string {
    const segment = this.#text.slice(this.#start, cut)
    this.#start = cut
    this.#examined = cut
    return segment
  }

  /** Cut places without a boundary stand 64 apart, at the same distance from the segment's start for every chunking. */
  #nextOverdue(from: number): number {
    return this.#start + Math.max(longest, Math.ceil((from - this.#start) / 64) * 64)
  }

  #nextBoundary(from: number): number {
    if (this.#peeked >= from) return this.#peeked
    boundary.lastIndex = from - 2
    this.#peeked = Number.POSITIVE_INFINITY
    for (let match = boundary.exec(this.#text); match !== null; match = boundary.exec(this.#text)) {
      this.#peeked = match.index + match[0].length
      if (this.#peeked >= from) return this.#peeked
      this.#peeked = Number.POSITIVE_INFINITY
    }
    return this.#peeked
  }

  #isCut(place: number): boolean {
    const length = place - this.#start
    const areOpen = this.#blocks.areOpenAt(this.#text, place)
    if (areOpen && length < longestOpen) return false
    const line = this.#text.slice(place - 24, place)
    return length >= longEnough || !encodedEnd.test(line)
  }
}
