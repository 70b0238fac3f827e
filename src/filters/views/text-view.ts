/** Text as a detector reads it, with the way back to the text it was made from. */
export interface TextView {
  readonly text: string
  /** Offsets into the original of the characters `start` to `end` (exclusive) of `text`. */
  readonly span: (start: number, end: number) => Span
}

export interface Span {
  readonly start: number
  readonly end: number
}

/** What stands in a view for the stretch `start` to `end` of the original. */
export interface Piece extends Span {
  readonly text: string
}

export function touches(one: Span, other: Span): boolean {
  return one.start < other.end && one.end > other.start
}

export function identityView(text: string): TextView {
  return { text, span: (start, end) => ({ start, end }) }
}

/** The last place in rising `places` that is not after `at`. */
function lastNotAfter(places: Int32Array, at: number): number {
  let low = 0
  let high = places.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((places[middle] as number) <= at) low = middle
    else high = middle - 1
  }
  return low
}

/** A view built piece by piece. A piece of the length of its original stands for it character by character. */
export function piecedView(pieces: readonly Piece[]): TextView {
  const kept = pieces.filter((piece) => piece.text !== '')
  const places = new Int32Array(kept.length)
  let text = ''
  for (const [index, piece] of kept.entries()) {
    places[index] = text.length
    text += piece.text
  }
  const originOf = (at: number): Span => {
    const index = lastNotAfter(places, at)
    const piece = kept[index]
    if (piece === undefined) return { start: 0, end: 0 }
    if (piece.text.length !== piece.end - piece.start) return piece
    const start = piece.start + at - (places[index] as number)
    return { start, end: start + 1 }
  }
  return {
    text,
    span: (start, end) => ({ start: originOf(start).start, end: originOf(Math.max(start, end - 1)).end }),
  }
}

export function through(outer: TextView, inner: TextView): TextView {
  return {
    text: inner.text,
    span: (start, end) => {
      const middle = inner.span(start, end)
      return outer.span(middle.start, middle.end)
    },
  }
}
