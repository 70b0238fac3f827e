import { addToHash, emptyHash, mix } from './hashes.ts'

/** Signs beside words that the rules go by. */
export const marks = { quoted: 1, sentence: 2 } as const

const firstCapacity = 1_024
const [apostrophe, curly, star, quote, opening, closing] = [39, 0x2019, 42, 34, 0x201c, 0x201d]
const kinds = { other: 0, letter: 1, inner: 2, end: 3 } as const
const kindOf = new Uint8Array(128)
/** What a character counts as: its small letter. */
const folded = new Uint8Array(128)
for (let code = 0; code < 128; code += 1) {
  folded[code] = code >= 65 && code <= 90 ? code + 32 : code
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)
  kindOf[code] = isLetter ? kinds.letter : 0
}
kindOf[apostrophe] = kinds.inner
kindOf[star] = kinds.inner
for (const sign of '.!?\n') kindOf[sign.charCodeAt(0)] = kinds.end
/** `f**k`: so many stars may stand in a word. */
const mostStars = 3
/** Longer ones are no words; what stands beyond is not read into them. */
const longestWord = 48

/** What of the words of a text is read for a verdict: all but where they stand. */
export interface SaidWords {
  readonly hashes: Int32Array
  readonly marks: Uint8Array
  readonly grams: Int32Array
}

/** The words of a text as columns, read in one pass; used again for the next text. Offsets are UTF-16, ends exclusive. */
export class Words {
  length = 0
  starts = new Int32Array(firstCapacity)
  ends = new Int32Array(firstCapacity)
  hashes = new Int32Array(firstCapacity)
  marks = new Uint8Array(firstCapacity)
  /** Hashes of four characters each of a word and its ends, those of word `at` from `gramsFrom[at]` on. */
  grams = new Int32Array(firstCapacity * 4)
  gramsFrom = new Int32Array(firstCapacity + 1)
  #gramCount = 0
  readonly #codes = new Uint16Array(longestWord + 2)

  read(text: string): void {
    this.length = 0
    this.#gramCount = 0
    let isQuoted = false
    let hasEnded = true
    for (let at = 0; at < text.length;) {
      const code = text.charCodeAt(at)
      const kind = code < 128 ? (kindOf[code] as number) : code >= 0xc0 && code !== curly ? otherKind(code) : 0
      if (kind === kinds.letter) {
        at = this.#readWord(text, at, (isQuoted ? marks.quoted : 0) | (hasEnded ? marks.sentence : 0))
        hasEnded = false
        continue
      }
      if (code === quote) isQuoted = !isQuoted
      else if (code === opening) isQuoted = true
      else if (code === closing) isQuoted = false
      else if (kind === kinds.end) {
        hasEnded = true
        // A quotation goes on over a sentence and not over a paragraph.
        if (code === 10 && text.charCodeAt(at + 1) === 10) isQuoted = false
      }
      at += 1
    }
    this.gramsFrom[this.length] = this.#gramCount
  }

  /** A copy of what was read, to compare others with. */
  said(): SaidWords {
    return {
      hashes: this.hashes.slice(0, this.length),
      marks: this.marks.slice(0, this.length),
      grams: this.grams.slice(0, this.#gramCount),
    }
  }

  /** Would a verdict about these words be the same one? */
  isSaidBy({ hashes, marks, grams }: SaidWords): boolean {
    return (
      hashes.length === this.length &&
      grams.length === this.#gramCount &&
      isSame(hashes, this.hashes) &&
      isSame(marks, this.marks) &&
      isSame(grams, this.grams)
    )
  }

  #readWord(text: string, start: number, mark: number): number {
    const codes = this.#codes
    let length = 0
    let at = start
    for (; at < text.length; at += 1) {
      let code = text.charCodeAt(at)
      const kind = code < 128 ? (kindOf[code] as number) : code === curly ? kinds.inner : otherKind(code)
      if (kind === kinds.inner) {
        const behind = code === star ? behindStars(text, at) : at + 1
        if (behind === 0 || !isLetterAt(text, behind)) break
        code = code === star ? star : apostrophe
      } else if (kind !== kinds.letter) break
      const small = code < 128 ? (folded[code] as number) : code
      // Of a letter that is drawn out, two are read.
      if (length > 1 && codes[length] === small && codes[length - 1] === small) continue
      if (length < longestWord) {
        length += 1
        codes[length] = small
      }
    }
    this.#push({ start, end: at, length, mark })
    return at
  }

  #push({ start, end, length, mark }: { start: number; end: number; length: number; mark: number }): void {
    const codes = this.#codes
    codes[0] = 0
    codes[length + 1] = 0
    let hash = emptyHash
    for (let at = 1; at <= length; at += 1) hash = addToHash(hash, codes[at] as number)
    const index = this.length
    if (index + 1 >= this.starts.length) this.#grow()
    this.starts[index] = start
    this.ends[index] = end
    this.hashes[index] = mix(hash, length)
    this.marks[index] = mark
    this.gramsFrom[index] = this.#gramCount
    if (this.#gramCount + length >= this.grams.length) this.grams = grown(this.grams)
    for (let at = 0; at + 3 <= length + 1; at += 1) {
      const first = ((codes[at] as number) << 16) | (codes[at + 1] as number)
      const second = ((codes[at + 2] as number) << 16) | (codes[at + 3] as number)
      this.grams[this.#gramCount] = mix(first, second)
      this.#gramCount += 1
    }
    this.length = index + 1
  }

  #grow(): void {
    this.starts = grown(this.starts)
    this.ends = grown(this.ends)
    this.hashes = grown(this.hashes)
    this.gramsFrom = grown(this.gramsFrom)
    const marks = new Uint8Array(this.marks.length * 2)
    marks.set(this.marks)
    this.marks = marks
  }
}

/** Has a column these numbers at its beginning? */
function isSame(numbers: Int32Array | Uint8Array, column: Int32Array | Uint8Array): boolean {
  for (let at = 0; at < numbers.length; at += 1) if (numbers[at] !== column[at]) return false
  return true
}

function grown(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2)
  larger.set(column)
  return larger
}

const otherKind = (code: number): number =>
  code >= 0xc0 && code !== 0xd7 && code !== 0xf7 && (code < 0x2000 || code >= 0x3040) ? kinds.letter : 0

const isLetterAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code < 128 ? kindOf[code] === kinds.letter : otherKind(code) === kinds.letter
}

/** Where what stands behind the stars from `at` on begins; 0 where there are too many. */
function behindStars(text: string, at: number): number {
  for (let behind = at + 1; behind <= at + mostStars; behind += 1) {
    if (text.charCodeAt(behind) !== star) return behind
  }
  return 0
}
