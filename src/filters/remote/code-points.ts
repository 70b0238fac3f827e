/**
 * Places of a text as Python counts them, in code points, and as they stand in a string here, in UTF-16 units. The text has
 * no half of a surrogate pair by itself.
 */
export class CodePoints {
  readonly length: number
  /** Where each code point begins, and where the text ends; null where both ways of counting are the same. */
  readonly #starts: Uint32Array | null

  constructor(text: string) {
    if (!/[\ud800-\udfff]/.test(text)) {
      this.length = text.length
      this.#starts = null
      return
    }
    const starts = new Uint32Array(text.length + 1)
    let count = 0
    let at = 0
    for (const point of text) {
      starts[count] = at
      count += 1
      at += point.length
    }
    starts[count] = at
    this.length = count
    this.#starts = starts
  }

  /** The UTF-16 offset of a place, 0 to `length`. */
  unitOf(place: number): number {
    return this.#starts === null ? place : (this.#starts[place] as number)
  }
}
