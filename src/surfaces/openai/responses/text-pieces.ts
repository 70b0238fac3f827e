/** Characters from which on a piece ends before the next word. */
const shortest = 12
/** Characters that a piece never has more of. */
const longest = 64

/**
 * Cuts a text into the pieces that a stream tells it in. Where it is cut depends on the text alone, not on how it came: a stream that is told again
 * from what was kept has the same events with the same numbers.
 */
export class TextPieces {
  #rest = ''

  /** The pieces that are whole; what may still grow is held back. */
  push(text: string): readonly string[] {
    this.#rest += text
    const pieces: string[] = []
    for (let end = cutAt(this.#rest); end !== null; end = cutAt(this.#rest)) {
      pieces.push(this.#rest.slice(0, end))
      this.#rest = this.#rest.slice(end)
    }
    return pieces
  }

  /** What was held back. */
  end(): readonly string[] {
    const rest = this.#rest
    this.#rest = ''
    return rest === '' ? [] : [rest]
  }
}

const isSpace = (text: string, at: number): boolean => /\s/.test(text.charAt(at))

/** Where the first piece ends; null where that is not known yet. */
function cutAt(text: string): number | null {
  for (let at = shortest; at < text.length; at += 1) {
    if (at >= longest) return isLowSurrogate(text, at) ? at - 1 : at
    if (isSpace(text, at - 1) && !isSpace(text, at)) return at
  }
  return null
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}
