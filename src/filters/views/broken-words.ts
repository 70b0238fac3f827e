import { isLetterAt, isWordAt } from './character-kinds.ts'
import { isBreakingMark } from './possible-disguises.ts'
import { withPieces, type Piece, type Span, type TextView } from './text-view.ts'

const mostMarks = 2
const longestWord = 20
/** Of words that a dash joins each has more letters, `well-known`. */
const shortestPart = 3
const hyphenated = /-[ \t]{0,2}\r?\n[ \t]{0,4}/y

/** Where a word goes on behind marks or the end of a line, -1 where none does. */
function nextPart(text: string, from: number): number {
  if (!isBreakingMark(text.charCodeAt(from))) return -1
  let place = from + 1
  while (place < from + mostMarks && isBreakingMark(text.charCodeAt(place))) place += 1
  if (isLetterAt(text, place)) return place
  hyphenated.lastIndex = from
  return hyphenated.test(text) && isLetterAt(text, hyphenated.lastIndex) ? hyphenated.lastIndex : -1
}

/** Where the letters from a place on end, of which one is known to be there. */
function endOfLetters(text: string, start: number): number {
  let end = start + 1
  while (isLetterAt(text, end)) end += 1
  return end
}

/** The parts of a word of which the first is known, up to where nothing breaks it any more. */
function partsFrom(text: string, first: Span): Span[] {
  const parts = [first]
  for (let next = nextPart(text, first.end); next >= 0;) {
    const end = endOfLetters(text, next)
    parts.push({ start: next, end })
    next = nextPart(text, end)
  }
  return parts
}

function isOneWord(parts: readonly Span[]): boolean {
  let letters = 0
  let hasShort = false
  for (const { start, end } of parts) {
    letters += end - start
    if (end - start <= shortestPart) hasShort = true
  }
  return parts.length > 1 && hasShort && letters <= longestWord && letters >= shortestPart
}

/** What stands between the parts of words that are broken in two, with nothing in its place. */
function* breaksIn(text: string): Generator<Piece> {
  for (let place = 0; place < text.length; place += 1) {
    if (!isLetterAt(text, place)) continue
    const endOfFirst = endOfLetters(text, place)
    // Most words are whole.
    if (!isBreakingMark(text.charCodeAt(endOfFirst))) {
      place = endOfFirst
      continue
    }
    const parts = partsFrom(text, { start: place, end: endOfFirst })
    const end = (parts.at(-1) as Span).end
    if (!isWordAt(text, place - 1) && !isWordAt(text, end) && isOneWord(parts)) {
      for (const [index, { start }] of parts.slice(1).entries())
        yield { text: '', start: (parts[index] as Span).end, end: start }
    }
    place = end
  }
}

/** The text with words whole that something breaks in two: `ki-ll`, `k.ill`, `kil-` at the end of a line. Null for none. */
export function brokenWords(text: string): TextView | null {
  return withPieces(text, breaksIn(text))
}
