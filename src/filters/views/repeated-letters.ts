import { isLetterAt } from './character-kinds.ts'
import { fewestInRow, isSameLetter } from './possible-disguises.ts'
import { withPieces, type Piece, type Span, type TextView } from './text-view.ts'

/** The stretches of one letter, in either case. */
function* drawnOut(text: string): Generator<Span> {
  for (let start = 0; start < text.length;) {
    const code = text.charCodeAt(start)
    let end = start + 1
    while (end < text.length && isSameLetter(text.charCodeAt(end), code)) end += 1
    if (end - start >= fewestInRow && isLetterAt(text, start)) yield { start, end }
    start = end
  }
}

/** Does the word that a stretch is in have no other one behind it? */
function isLastOfWord(text: string, { end }: Span, next: Span | undefined): boolean {
  if (next === undefined) return true
  for (let at = end; at < next.start; at += 1) if (!isLetterAt(text, at)) return true
  return false
}

function* shortened(
  text: string,
  stretches: readonly Span[],
  countOf: (stretch: Span, index: number) => number,
): Generator<Piece> {
  for (let index = 0; index < stretches.length; index += 1) {
    const stretch = stretches[index] as Span
    const { start, end } = stretch
    yield { text: text.slice(start, start + countOf(stretch, index)), start, end }
  }
}

/**
 * The text with letters that are drawn out, `kiiilll`, all of them once, all twice, and only the last of each word twice:
 * which of them it means only a list of words knows.
 */
export function collapsedLetters(text: string): TextView[] {
  const stretches = [...drawnOut(text)]
  if (stretches.length === 0) return []
  const kept = (countOf: (stretch: Span, index: number) => number) =>
    withPieces(text, shortened(text, stretches, countOf))
  const lastTwice = (stretch: Span, index: number) => (isLastOfWord(text, stretch, stretches[index + 1]) ? 2 : 1)
  return [kept(() => 1), kept(() => 2), kept(lastTwice)].filter((view) => view !== null)
}
