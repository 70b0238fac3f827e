import { textBefore } from '../text-before.ts'
/** A piece of a text with what stands around it. Offsets are UTF-16 units. */
export interface Chunk {
  readonly text: string
  /** Where `text` begins in the whole. */
  readonly offset: number
  /** The stretch of `text` that is decided on; the rest is there to be read with it. */
  readonly from: number
  readonly to: number
}

const longestStretch = 4_000
/** Longer than what a model of names looks at around a word, and than a name. */
const contextLength = 400
/** How far back from where a stretch has to end the blank before its last word is looked for. */
const longestWord = 200

/** The place at or before `at` that cuts neither a word, where one of them is no longer than usual, nor a surrogate pair. */
function cutBefore(text: string, at: number): number {
  const word = /\s\S*$/.exec(textBefore(text, at, longestWord))
  if (word !== null) return at - word[0].length + 1
  return isLowSurrogate(text.charCodeAt(at)) ? at - 1 : at
}

const isLowSurrogate = (code: number): boolean => code >= 0xdc_00 && code <= 0xdf_ff

/** The whole text in stretches that follow each other, each with what stands before and behind it. */
export function* chunksOf(text: string): Generator<Chunk> {
  for (let from = 0; from < text.length;) {
    const isRest = text.length - from <= longestStretch + contextLength
    const to = isRest ? text.length : cutBefore(text, from + longestStretch)
    const start = cutBefore(text, Math.max(0, from - contextLength))
    const end = isRest ? text.length : cutBefore(text, to + contextLength)
    yield { text: text.slice(start, end), offset: start, from: from - start, to: to - start }
    from = to
  }
}
