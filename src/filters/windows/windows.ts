import { Segmenter } from './segmenter.ts'

/** A stretch of a text that is decided on, with what stands around it. Offsets are UTF-16 code units. */
export interface TextWindow {
  readonly text: string
  /** The stretch inside `text`: what is decided. */
  readonly from: number
  readonly to: number
  /** Where `text` begins in the whole. */
  readonly offset: number
  /** Does the whole text end where this window does? */
  readonly isLast: boolean
}

const leftContext = 240
/** Encoded text says less in as many characters. */
const longLeftContext = 1_024
const longSegment = 1_024
/** A text up to this length has one window. */
const singleWindow = 120

/** The place at or after `at` where a line, else a word begins: a part of a number would be read as one. */
function tidyStart(text: string, at: number): number {
  if (at <= 0) return 0
  const line = text.slice(at, at + 64).indexOf('\n')
  if (line >= 0) return at + line + 1
  const word = text.slice(at).search(/\s/)
  return at + word + 1
}

/**
 * Reads a text, whole or as it arrives, as windows: the same ones for every way it was cut into chunks. What is decided
 * window by window is therefore the same for a stream and for the whole, and takes time in proportion to the length.
 */
export class WindowReader {
  readonly #segmenter = new Segmenter()
  readonly #held: string[] = []
  #before = ''
  #place = 0

  #shift(isLast: boolean): TextWindow {
    const [core = '', after = ''] = this.#held
    this.#held.shift()
    const width = core.length >= longSegment ? longLeftContext : leftContext
    const before = this.#before.slice(tidyStart(this.#before, this.#before.length - width))
    const offset = this.#place - before.length
    this.#place += core.length
    // One more, so that a window begins with a word also where it has all of it.
    this.#before = (this.#before + core).slice(-longLeftContext - 1)
    return { text: before + core + after, from: before.length, to: before.length + core.length, offset, isLast }
  }

  /** Windows that `text` completes: each waits for the segment after it. */
  *push(text: string): Generator<TextWindow> {
    this.#segmenter.push(text)
    for (let segment = this.#segmenter.next(); segment !== null; segment = this.#segmenter.next()) {
      this.#held.push(segment)
      if (this.#held.length >= 2) yield this.#shift(false)
    }
  }

  /** The windows of what is still held: no more text comes. */
  *end(): Generator<TextWindow> {
    const rest = this.#segmenter.end()
    if (rest !== '') this.#held.push(rest)
    while (this.#held.length > 0) yield this.#shift(true)
  }
}

/** The windows of a whole text. */
export function* windowsOf(text: string): Generator<TextWindow> {
  if (text.length <= singleWindow) {
    yield { text, from: 0, to: text.length, offset: 0, isLast: true }
    return
  }
  const reader = new WindowReader()
  yield* reader.push(text)
  yield* reader.end()
}
