/** What a request says before anything of it is masked: its texts with their escapes read, those of JSON in texts, too. */
export class SaidTexts {
  readonly #texts: readonly string[]
  /** Made when the first number is asked for. */
  #numbers: ReadonlySet<string> | null = null

  constructor(texts: readonly string[]) {
    this.#texts = texts
  }

  has(value: string): boolean {
    return this.#texts.some((text) => text.includes(value))
  }

  /** Every stretch of them that a pattern matches. */
  *matching(pattern: RegExp): Generator<string> {
    for (const text of this.#texts) yield* text.match(pattern) ?? []
  }

  /** Does a number of these digits stand in it by itself? Each text is read once, however many numbers are asked for. */
  hasNumber(digits: string): boolean {
    this.#numbers ??= new Set(this.#texts.flatMap((text) => text.match(/\d+/g) ?? []))
    return this.#numbers.has(digits)
  }
}
