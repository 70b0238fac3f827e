/** Bytes of a piece before it is sealed: what one row of a file holds, and what of it is in memory. */
export const pieceBytes = 262_144

/** The same bytes in pieces of one length, but for the last one. Each is overwritten by the next. */
export async function* inPieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(pieceBytes)
  let filled = 0
  for await (const part of content) {
    for (let at = 0; at < part.length;) {
      const taken = part.subarray(at, at + pieceBytes - filled)
      piece.set(taken, filled)
      filled += taken.length
      at += taken.length
      if (filled < pieceBytes) continue
      yield piece
      filled = 0
    }
  }
  if (filled > 0) yield piece.subarray(0, filled)
}
