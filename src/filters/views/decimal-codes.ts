import { piecedView, type Piece, type TextView } from './text-view.ts'

/** Numbers of printable ASCII in a row: fewer say nothing. */
const run = /(?<!\d)(?:\d{2,3}[ ,;]{1,2}){7,}\d{2,3}(?!\d)/g
const hint = /\d{2}[ ,;]{1,2}\d{2}/
const number = /\d+/g
const [firstPrintable, lastPrintable] = [32, 126]
const ends: ReadonlySet<number> = new Set([9, 10, 13])

/** What the numbers of a run are the codes of; null where one is of nothing printable: then they are numbers. */
function piecesOfRun(found: string, offset: number): Piece[] | null {
  const pieces: Piece[] = []
  for (const { 0: digits, index } of found.matchAll(number)) {
    const code = Number(digits)
    if (!ends.has(code) && (code < firstPrintable || code > lastPrintable)) return null
    const start = offset + index
    pieces.push({ text: String.fromCharCode(code), start, end: start + digits.length })
  }
  // A column of ages is codes of letters, too, but hardly of any words.
  const end = offset + found.length
  pieces.push({ text: '\n', start: end, end })
  return pieces
}

/** What lists of decimal codes in a text say, `107 101 121`; null where there are none. */
export function decimalCodes(text: string): TextView | null {
  if (!hint.test(text)) return null
  const pieces: Piece[] = []
  for (const { 0: found, index } of text.matchAll(run)) {
    for (const piece of piecesOfRun(found, index) ?? []) pieces.push(piece)
  }
  return pieces.length === 0 ? null : piecedView(pieces)
}
