/** A text that was said, and in which turn. */
interface SaidText {
  readonly text: string
  readonly turn: number
}

/** What a request says before anything of it is masked: its texts with their escapes read, those of JSON in texts, too. */
export class SaidTexts {
  readonly #body: string
  readonly #texts: readonly SaidText[]
  /** The turn in which each was said first; made when the first number is asked for. */
  #numbers: ReadonlyMap<string, number> | null = null

  /** `texts`: those of the body, as they were taken from it. */
  constructor(body: string, texts: readonly SaidText[]) {
    this.#body = body
    this.#texts = texts.map(({ text, turn }) => ({ text, turn }))
  }

  has(value: string): boolean {
    return this.#body.includes(value) || this.#texts.some(({ text }) => text.includes(value))
  }

  /** Every stretch of them that a pattern matches. */
  *matching(pattern: RegExp): Generator<string> {
    yield* this.#body.match(pattern) ?? []
    for (const { text } of this.#texts) yield* text.match(pattern) ?? []
  }

  /**
   * Does a number of these digits stand in a text by itself, up to this turn? What a later turn says does not change what
   * was decided on in an earlier one. Each text is read once, however many numbers are asked for.
   */
  hasNumber(digits: string, upToTurn: number): boolean {
    this.#numbers ??= this.#firstTurns()
    return (this.#numbers.get(digits) ?? Infinity) <= upToTurn
  }

  #firstTurns(): ReadonlyMap<string, number> {
    const first = new Map<string, number>()
    for (const { text, turn } of this.#texts) {
      for (const digits of text.match(/\d+/g) ?? []) first.set(digits, Math.min(turn, first.get(digits) ?? Infinity))
    }
    return first
  }
}
