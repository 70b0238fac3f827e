import type { Span, TextView } from '../views/text-view.ts'
import { chunksOf, type Chunk } from './chunks.ts'

/** A stretch of one way to read a part, as it is sent. */
export interface Piece {
  readonly part: number
  readonly view: TextView
  readonly chunk: Chunk
}

/** A way to read a text; `isRespelled` where words of it are spelled as they were meant. */
export interface TextReading extends TextView {
  readonly isRespelled?: boolean
}

export interface ReadText {
  readonly text: string
  readonly readings: readonly TextReading[]
  /** Is what reads alike but is written with letters of another script a text of its own? Without it, it is not. */
  readonly hasLookalikes?: boolean
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
    const isOther =
      other.length !== text.length ||
      reading.isRespelled === true ||
      (read.hasLookalikes === true && hasLookalikes(text, other))
    if (!isOther || seen.has(other)) continue
    seen.add(other)
    views.push({ text: other, span: (start, end) => reading.span(start, end) })
  }
  return views
}

const lettersOf = (text: string): string => text.replaceAll(/[^\p{L}]/gu, '')
const otherScripts = /[^\P{L}\p{Script=Latin}]/u

/** Has a reading in Latin letters alone more of them than the text has, without its accents? */
function hasLookalikes(text: string, reading: string): boolean {
  return otherScripts.test(lettersOf(text)) && !otherScripts.test(lettersOf(reading))
}

/** A place without the blanks at its ends, which models take for a part of it; null for blanks alone. */
export function trimmed(text: string, { start, end }: Span): Span | null {
  const value = text.slice(start, end)
  const from = start + value.length - value.trimStart().length
  const to = end - (value.length - value.trimEnd().length)
  return from < to ? { start: from, end: to } : null
}
