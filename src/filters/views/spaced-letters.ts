import { isLetterAt } from './character-kinds.ts'
import { fewestApart, isApartUnit, widestGap } from './possible-disguises.ts'
import { withPieces, type Piece, type Span, type TextView } from './text-view.ts'

const isUnit = (text: string, place: number): boolean => place < text.length && isApartUnit(text.charCodeAt(place))

/** A character that stands by itself, and what separates it from the next such; null where that is too much or a word. */
interface Single extends Span {
  readonly gap: string | null
}

function* singlesIn(text: string): Generator<Span> {
  for (let start = 0; start < text.length; start += 1) {
    if (!isUnit(text, start)) continue
    let end = start + 1
    while (isUnit(text, end)) end += 1
    if (end === start + 1) yield { start, end }
    start = end
  }
}

function withGaps(text: string, singles: readonly Span[]): Single[] {
  return singles.map(({ start, end }, index) => {
    const next = singles[index + 1]
    return {
      start,
      end,
      gap: next !== undefined && isGap(text, end, next.start) ? text.slice(end, next.start).replace(/\s/g, ' ') : null,
    }
  })
}

function isGap(text: string, from: number, to: number): boolean {
  if (to - from > widestGap) return false
  for (let place = from; place < to; place += 1) if (isUnit(text, place)) return false
  return true
}

/** The run of letters that begins with one: at a longer gap a word of it ends, at another one the run. */
function runFrom(
  text: string,
  singles: readonly Single[],
  from: number,
): { readonly pieces: Piece[]; readonly next: number } {
  const usual = (singles[from] as Single).gap
  const pieces: Piece[] = []
  let letters = 0
  let characters = 0
  let inWord = 0
  let longestWord = 0
  let index = from
  for (; index < singles.length; index += 1) {
    const { start, end, gap } = singles[index] as Single
    pieces.push({ text: text.slice(start, end), start, end })
    characters += 1
    inWord += 1
    if (isLetterAt(text, start)) letters += 1
    longestWord = Math.max(longestWord, inWord)
    if (usual === null || gap === null) break
    const isWider = gap.length > usual.length && gap.startsWith(usual)
    if (gap !== usual && !isWider) break
    pieces.push({ text: isWider ? ' ' : '', start: end, end: end + gap.length })
    if (isWider) inWord = 0
  }
  const isWord = longestWord >= fewestApart && letters * 3 >= 2 * characters
  // The last letter of what is no word may be the first of one with another gap.
  return isWord ? { pieces, next: index + 1 } : { pieces: [], next: Math.max(from + 1, index) }
}

function* runsOf(text: string, singles: readonly Single[]): Generator<Piece> {
  for (let index = 0; index < singles.length;) {
    const { pieces, next } = runFrom(text, singles, index)
    yield* pieces
    index = next
  }
}

/**
 * The text with the letters of a word together that stand apart: `k i l l`, `k.i.l.l`, one to a line. A wider gap is one
 * between words. Null where no three letters stand so.
 */
export function spacedLetters(text: string): TextView | null {
  const singles = [...singlesIn(text)]
  return singles.length < fewestApart ? null : withPieces(text, runsOf(text, withGaps(text, singles)))
}
