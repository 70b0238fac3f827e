import type { NewValues } from './new-values.ts'

/** Puts values back into a text that comes in pieces. */
interface PieceRestorer {
  readonly holds: boolean
  push(piece: string): string
  end(): string
}

/** One text of an answer, as it may leave: new values are withheld, then those that were hidden are put back. */
export class AnswerText {
  readonly #restorer: PieceRestorer
  readonly #newValues: NewValues | null

  constructor(restorer: PieceRestorer, newValues: NewValues | null) {
    this.#restorer = restorer
    this.#newValues = newValues
  }

  /** Is a part of what came still to be decided on? */
  get holds(): boolean {
    return this.#restorer.holds || this.undecided > 0
  }

  /** How many characters of what came may still be a value that is withheld. */
  get undecided(): number {
    return this.#newValues?.held ?? 0
  }

  /** How many values were withheld so far. */
  get withheld(): number {
    return this.#newValues?.withheld ?? 0
  }

  /** The next piece: resolves to what is decided. */
  async push(piece: string): Promise<string> {
    return this.#restorer.push(this.#newValues === null ? piece : await this.#newValues.push(piece))
  }

  /** The rest, where nothing comes any more. More may come all the same, and goes on where this was. */
  async end(): Promise<string> {
    const rest = this.#newValues === null ? '' : await this.#newValues.end()
    return this.#restorer.push(rest) + this.#restorer.end()
  }
}
