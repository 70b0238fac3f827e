import { batchCharacters } from '../batches.ts'
import type { FilterFinding, FilterPart } from '../filter.ts'
import { touches, type Span } from '../views/text-view.ts'
import { Segmenter } from '../windows/segmenter.ts'

/** Shorter stretches go with the next one: what stands around each is read twice. */
const leastPiece = 6_144
/** What stands before and behind a stretch is read with it, up to so many characters. */
const around = 1_024

interface Origin {
  readonly index: number
  readonly offset: number
  /** What of the piece is decided on; null for all of it. */
  readonly core: Span | null
}

/**
 * Parts as detectors read them at once: texts of more than 8,192 characters in pieces that overlap, cut after a line or a
 * sentence. They are cut while they are read, which takes time in proportion to what was read of them.
 */
export class Pieces implements Iterable<FilterPart> {
  readonly #pieces: FilterPart[] = []
  readonly #origins: Origin[] = []
  readonly #source: Generator<Origin & { readonly piece: FilterPart }>
  readonly #seen = new Set<string>()

  constructor(parts: readonly FilterPart[]) {
    this.#source = piecesOf(parts)
  }

  /** In their order; each is made once, whoever reads them. */
  *[Symbol.iterator](): Generator<FilterPart> {
    for (let at = 0; at < this.#pieces.length || this.#readOn(); at += 1) {
      const piece = this.#pieces[at]
      if (piece !== undefined) yield piece
    }
  }

  #readOn(): boolean {
    const next = this.#source.next()
    if (next.done === true) return false
    const { piece, ...origin } = next.value
    this.#pieces.push(piece)
    this.#origins.push(origin)
    return true
  }

  /** The finding as one of the whole part; null where it is of the stretch of another piece, or was said before. */
  inWhole(finding: FilterFinding): FilterFinding | null {
    const origin = this.#origins[finding.part]
    if (origin === undefined) return null
    const { index, offset, core } = origin
    if (core !== null && !touches(finding, core)) return null
    const whole = { ...finding, part: index, start: finding.start + offset, end: finding.end + offset }
    if (core === null) return whole
    const key = `${index} ${whole.start} ${whole.end} ${whole.category} ${whole.detector}`
    if (this.#seen.has(key)) return null
    this.#seen.add(key)
    return whole
  }
}

function* piecesOf(parts: readonly FilterPart[]): Generator<Origin & { readonly piece: FilterPart }> {
  for (const [index, part] of parts.entries()) {
    if (part.text.length <= batchCharacters) yield { index, offset: 0, core: null, piece: part }
    else for (const { piece, offset, core } of cut(part)) yield { index, offset, core, piece }
  }
}

function* cut(part: FilterPart): Generator<{
  readonly piece: FilterPart
  readonly offset: number
  readonly core: Span
}> {
  const { text, focus = { start: 0, end: text.length } } = part
  for (const stretch of stretchesOf(text)) {
    const [start, end] = [Math.max(stretch.start, focus.start), Math.min(stretch.end, focus.end)]
    if (start >= end) continue
    const offset = wordBefore(text, stretch.start - around)
    const core = { start: start - offset, end: end - offset }
    yield {
      piece: { ...part, text: text.slice(offset, wordAfter(text, stretch.end + around)), focus: core },
      offset,
      core,
    }
  }
}

/** Consecutive stretches of a text, each of about as many characters as are read at once. */
function* stretchesOf(text: string): Generator<Span> {
  const segmenter = new Segmenter()
  let start = 0
  let end = 0
  for (let from = 0; from < text.length; from += batchCharacters) {
    segmenter.push(text.slice(from, from + batchCharacters))
    for (let segment = segmenter.next(); segment !== null; segment = segmenter.next()) {
      end += segment.length
      if (end - start < leastPiece) continue
      yield { start, end }
      start = end
    }
  }
  if (start < text.length) yield { start, end: text.length }
}

/** A part of a word or a number would be read as one: the place goes on to where one ends, but not for long. */
function wordBefore(text: string, at: number): number {
  if (at <= 0) return 0
  const gap = text.slice(at, at + 64).search(/\s/)
  return gap === -1 ? at : at + gap + 1
}

function wordAfter(text: string, at: number): number {
  if (at >= text.length) return text.length
  const gap = text.slice(at, at + 64).search(/\s/)
  return gap === -1 ? at : at + gap
}
