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

/** Pieces in order, as numbers: a long text has hundreds of thousands of them. */
class Pieces {
  text = ''
  count = 0
  /** Where each begins in the view; where it begins and ends in the original. */
  places = new Int32Array(16)
  starts = new Int32Array(16)
  ends = new Int32Array(16)

  add(text: string, start: number, end: number): void {
    if (text === '') return
    if (this.count === this.places.length) this.#grow()
    this.places[this.count] = this.text.length
    this.starts[this.count] = start
    this.ends[this.count] = end
    this.count += 1
    this.text += text
  }

  #grow(): void {
    const longer = (numbers: Int32Array) => {
      const grown = new Int32Array(numbers.length * 2)
      grown.set(numbers)
      return grown
    }
    this.places = longer(this.places)
    this.starts = longer(this.starts)
    this.ends = longer(this.ends)
  }

  view(): TextView {
    const { text, count, starts, ends } = this
    const places = this.places.subarray(0, count)
    const originOf = (at: number): Span => {
      const index = lastNotAfter(places, at)
      if (count === 0) return { start: 0, end: 0 }
      const [place, start, end] = [places[index] as number, starts[index] as number, ends[index] as number]
      const length = (index + 1 < count ? (places[index + 1] as number) : text.length) - place
      return length === end - start ? { start: start + at - place, end: start + at - place + 1 } : { start, end }
    }
    return {
      text,
      span: (start, end) => ({ start: originOf(start).start, end: originOf(Math.max(start, end - 1)).end }),
    }
  }
}

/** A view built piece by piece. A piece of the length of its original stands for it character by character. */
export function piecedView(pieces: Iterable<Piece>): TextView {
  const table = new Pieces()
  for (const { text, start, end } of pieces) table.add(text, start, end)
  return table.view()
}

/** The text with other text in some places, which stand in order; null where there is none. */
export function withPieces(text: string, replaced: Iterable<Piece>): TextView | null {
  const table = new Pieces()
  let from = 0
  let isSame = true
  for (const piece of replaced) {
    isSame = false
    if (from < piece.start) table.add(text.slice(from, piece.start), from, piece.start)
    table.add(piece.text, piece.start, piece.end)
    from = piece.end
  }
  if (isSame) return null
  if (from < text.length) table.add(text.slice(from), from, text.length)
  return table.view()
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
