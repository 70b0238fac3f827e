/** Pieces that are put into one whenever there are so many of them, unless they are so large that it would save nothing. */
const manyPieces = 1_024
const largePiece = 4_096

/**
 * Bytes that come in pieces, one buffer at the end. They take little more room than their number, also where somebody sends
 * them one by one: each small piece by itself takes a hundred times its size.
 */
export class GatheredBytes {
  length = 0
  readonly #whole: Buffer[] = []
  #pieces: Buffer[] = []

  add(piece: Buffer): void {
    this.length += piece.length
    if (this.#pieces.push(piece) < manyPieces) return
    const bytes = this.#pieces.reduce((sum, { length }) => sum + length, 0)
    if (bytes < manyPieces * largePiece) this.#whole.push(Buffer.concat(this.#pieces, bytes))
    else this.#whole.push(...this.#pieces)
    this.#pieces = []
  }

  /** All of them; a single piece is handed on as it came. */
  together(): Buffer {
    const [first] = this.#pieces
    return first !== undefined && first.length === this.length
      ? first
      : Buffer.concat([...this.#whole, ...this.#pieces])
  }
}
