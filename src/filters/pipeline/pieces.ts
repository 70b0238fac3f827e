import { batchCharacters } from '../batches.ts'
import type { FilterFinding, FilterPart } from '../filter.ts'
import { touches } from '../views/text-view.ts'
import { Segmenter } from '../windows/segmenter.ts'

/** What stands before and behind a stretch is read with it, up to so many characters. */
const around = 1_024

/** Parts as detectors read them at once: long texts in pieces that overlap. */
export interface Pieces {
  readonly parts: readonly FilterPart[]
  /** The finding as one of the whole part; null where it is of the stretch of another piece, or was said before. */
  readonly inWhole: (finding: FilterFinding) => FilterFinding | null
}

interface Origin {
  readonly index: number
  readonly offset: number
  /** What of the piece is decided on; null for all of it. */
  readonly core: { readonly start: number; readonly end: number } | null
}

/** Cuts texts of more than 8,192 characters after a line or a sentence; takes time in proportion to them. */
export function piecesOf(parts: readonly FilterPart[]): Pieces {
  const pieces: FilterPart[] = []
  const origins: Origin[] = []
  for (const [index, part] of parts.entries()) {
    if (part.text.length <= batchCharacters) {
      pieces.push(part)
      origins.push({ index, offset: 0, core: null })
      continue
    }
    for (const { piece, offset, core } of cut(part)) {
      pieces.push(piece)
      origins.push({ index, offset, core })
    }
  }
  const seen = new Set<string>()
  return {
    parts: pieces,
    inWhole: (finding) => {
      const origin = origins[finding.part]
      if (origin === undefined) return null
      const { index, offset, core } = origin
      if (core !== null && !touches(finding, core)) return null
      const whole = { ...finding, part: index, start: finding.start + offset, end: finding.end + offset }
      if (core === null) return whole
      const key = `${index} ${whole.start} ${whole.end} ${whole.category} ${whole.detector}`
      if (seen.has(key)) return null
      seen.add(key)
      return whole
    },
  }
}

function* cut(part: FilterPart): Generator<{
  readonly piece: FilterPart
  readonly offset: number
  readonly core: { readonly start: number; readonly end: number }
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
function* stretchesOf(text: string): Generator<{ readonly start: number; readonly end: number }> {
  const segmenter = new Segmenter()
  let start = 0
  let end = 0
  for (let from = 0; from < text.length; from += batchCharacters) {
    segmenter.push(text.slice(from, from + batchCharacters))
    for (let segment = segmenter.next(); segment !== null; segment = segmenter.next()) {
      end += segment.length
      if (end - start < batchCharacters / 2) continue
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
