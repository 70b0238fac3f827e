import { piecedView, type Piece, type TextView } from './text-view.ts'

/** The text with other text in some places, which stand in order; null where there is none. */
export function withPieces(text: string, replaced: Iterable<Piece>): TextView | null {
  const pieces: Piece[] = []
  let from = 0
  for (const piece of replaced) {
    if (from < piece.start) pieces.push({ text: text.slice(from, piece.start), start: from, end: piece.start })
    pieces.push(piece)
    from = piece.end
  }
  if (pieces.length === 0) return null
  if (from < text.length) pieces.push({ text: text.slice(from), start: from, end: text.length })
  return piecedView(pieces)
}
