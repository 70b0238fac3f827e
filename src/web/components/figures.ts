/** Words of a text that are a link of the app, in UTF-16 units. */
export interface FigureRange {
  readonly start: number
  readonly end: number
}

// Private characters stand around a figure while the Markdown is read: its grammar passes them on as letters.
const [opens, separates, closes] = ['\uE000', '\uE001', '\uE002']
const ours = /[\uE000-\uE002]/g

/** Puts each figure between marks with its number. Ranges that do not fit, or lie in another one, are left out. */
export function markFigures(text: string, figures: readonly FigureRange[]): string {
  // Same length, so that places stay; whoever wrote the text makes no figure of their own.
  const clean = text.replace(ours, '\uFFFD')
  const numbered = figures.map((range, index) => Object.assign({ index }, range))
  const ordered = numbered.filter(({ start, end }) => start >= 0 && end > start && end <= clean.length)
  ordered.sort((a, b) => a.start - b.start)
  const pieces: string[] = []
  let at = 0
  for (const { start, end, index } of ordered) {
    if (start < at) continue
    pieces.push(clean.slice(at, start), opens, String(index), separates, clean.slice(start, end), closes)
    at = end
  }
  return pieces.join('') + clean.slice(at)
}

interface TextPiece {
  readonly text: string
  /** Its place among the figures; null for other text. */
  readonly figure: number | null
}

/** Takes a piece of the text apart again; a figure that the grammar tore in two is text. */
export function splitFigures(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = []
  const rest = text.replace(
    /([^\uE000]*)\uE000(\d+)\uE001([^\uE000-\uE002]*)\uE002/g,
    (_, before: string, index: string, words: string) => {
      if (before !== '') pieces.push({ text: withoutMarks(before), figure: null })
      pieces.push({ text: words, figure: Number(index) })
      return ''
    },
  )
  if (rest !== '') pieces.push({ text: withoutMarks(rest), figure: null })
  return pieces
}

const withoutMarks = (text: string): string => text.replace(/\uE000\d+\uE001|\uE002/g, '')
