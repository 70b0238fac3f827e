import type { Span, TextView } from '../views/text-view.ts'
import { chunksOf, type Chunk } from './chunks.ts'

/** A stretch of one way to read a part, as it is sent. */
export interface Piece {
  readonly part: number
  readonly view: TextView
  readonly chunk: Chunk
}

export interface ReadText {
  readonly text: string
  readonly readings: readonly TextView[]
}

/** All of a text in stretches, and of every other text that can be read in it. */
export function piecesOf(read: ReadText, part: number): Piece[] {
  return viewsOf(read).flatMap((view) => [...chunksOf(view.text)].map((chunk) => ({ part, view, chunk })))
}

/** The text itself, with its accents and its letters as they are, and readings of it in which other words stand. */
function viewsOf(read: ReadText): TextView[] {
  const text = read.text.toWellFormed()
  const seen = new Set([text])
  const views: TextView[] = [{ text, span: (start, end) => ({ start, end }) }]
  for (const reading of read.readings) {
    const other = reading.text.toWellFormed()
    // What has as many characters is the same text in plain letters.
    if (other.length === text.length || seen.has(other)) continue
    seen.add(other)
    views.push({ text: other, span: (start, end) => reading.span(start, end) })
  }
  return views
}

/** A place without the blanks at its ends, which models take for a part of it; null for blanks alone. */
export function trimmed(text: string, { start, end }: Span): Span | null {
  const value = text.slice(start, end)
  const from = start + value.length - value.trimStart().length
  const to = end - (value.length - value.trimEnd().length)
  return from < to ? { start: from, end: to } : null
}
