import { Masker } from '../../../filters/mask.ts'
import { WindowReader, type TextWindow } from '../../../filters/windows/windows.ts'
import type { MaskedSpan } from '../../../filters/mask.ts'
import type { JsonNode } from '../../../text/json-tree.ts'

/** A piece of a text in an event that waits: what stands in its place is put together as it is decided. */
export interface HeldPiece {
  readonly node: JsonNode
  readonly given: string
  /** In the whole text. */
  readonly start: number
  left: string
  isDecided: boolean
}

/** One text of a stream, as it comes in pieces. What is decided of it leaves in the pieces in which it came. */
export class Channel {
  readonly #reader = new WindowReader()
  readonly #masker = new Masker()
  #waiting: HeldPiece[] = []
  #came = 0
  /** All of it, and what is left of it, for events that say it again. */
  given = ''
  left = ''

  /** The windows that a piece completes. */
  push(node: JsonNode, text: string): { readonly piece: HeldPiece; readonly windows: readonly TextWindow[] } {
    const piece: HeldPiece = { node, given: text, start: this.#came, left: '', isDecided: false }
    this.#came += text.length
    this.given += text
    this.#waiting.push(piece)
    return { piece, windows: [...this.#reader.push(text)] }
  }

  /** The windows of what is left when nothing comes any more. */
  end(): readonly TextWindow[] {
    return [...this.#reader.end()]
  }

  /** What is replaced in the next window. Stretches of which nothing is stay in their pieces to the letter. */
  decided(window: TextWindow, spans: readonly MaskedSpan[]): void {
    const [from, to] = [window.offset + window.from, window.offset + window.to]
    const given = window.text.slice(window.from, window.to)
    const masked = this.#masker.mask(window, spans)
    this.left += masked
    let rest: string | null = masked === given ? null : masked
    for (const piece of this.#waiting) {
      const [start, end] = [Math.max(from, piece.start), Math.min(to, piece.start + piece.given.length)]
      if (start < end) {
        piece.left += rest ?? given.slice(start - from, end - from)
        if (rest !== null) rest = ''
      }
      piece.isDecided = piece.start + piece.given.length <= to
    }
    this.#waiting = this.#waiting.filter(({ isDecided }) => !isDecided)
  }
}
