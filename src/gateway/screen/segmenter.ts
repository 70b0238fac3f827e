/** Shortest segment that is worth a check of its own, in UTF-16 code units. */
const shortest = 120
const longest = 4_096
/** A fenced block or a key is checked as a whole up to this length. */
const longestOpen = 16_384

const keyBegin = /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY/g
const keyEnd = /-----END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/g

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length
}

/**
 * Cuts a text into segments at places that depend on the text before them alone, so that how it arrived in chunks makes
 * no difference: after a line or a sentence, never inside a fenced block or a private key, and at a limit at the latest.
 */
export class Segmenter {
  #pending = ''
  #examined = 0
  /** Fences that are open where `#pending` begins: a block longer than the limit was cut. */
  #insideFence = false
  #insideKey = false

  /** The segments that `text` completes. */
  push(text: string): string[] {
    this.#pending += text
    const segments: string[] = []
    for (let cut = this.#nextCut(); cut !== null; cut = this.#nextCut()) segments.push(this.#take(cut))
    return segments
  }

  /** What is left when no more text comes. */
  end(): string {
    return this.#take(this.#pending.length)
  }

  #take(cut: number): string {
    const segment = this.#pending.slice(0, cut)
    this.#insideFence = this.#fenceOpenAfter(segment)
    this.#insideKey = this.#keyOpenAfter(segment)
    this.#pending = this.#pending.slice(cut)
    this.#examined = 0
    return segment
  }

  #nextCut(): number | null {
    const text = this.#pending
    for (let place = Math.max(this.#examined, shortest); place <= text.length; place += 1) {
      if (this.#isCut(text, place)) return place
      this.#examined = place + 1
    }
    return null
  }

  #isCut(text: string, place: number): boolean {
    const last = text.charCodeAt(place - 1)
    const splitsPair = last >= 0xd800 && last <= 0xdbff
    if (place >= longestOpen) return !splitsPair
    const boundary = last === 10 || (last === 32 && /[.!?:;]/.test(text.charAt(place - 2)))
    const overdue = place >= longest && place % 64 === 0 && !splitsPair
    if (!boundary && !overdue) return false
    const segment = text.slice(0, place)
    return !this.#fenceOpenAfter(segment) && !this.#keyOpenAfter(segment)
  }

  #fenceOpenAfter(segment: string): boolean {
    return (count(segment, /(?:^|\n)[ \t]{0,3}(?:```|~~~)/g) % 2 === 1) !== this.#insideFence
  }

  #keyOpenAfter(segment: string): boolean {
    const begins = count(segment, keyBegin) + (this.#insideKey ? 1 : 0)
    return begins > count(segment, keyEnd)
  }
}
