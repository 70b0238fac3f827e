import type { Finding } from '../../core/verdict.ts'
import { cutText } from '../../text/cut-text.ts'

const note = /\n\n> The answer was cut after [\d,]+ characters \(filters\.maximum_turn_characters\)\.\n$/

/** A text without the notice that ends it where it was cut. */
export const withoutTurnNote = (text: string): string => text.replace(note, '')

/** Counts the characters of the model's turns and cuts what goes beyond the limit of each. */
export class TurnCap {
  readonly #limit: number
  #step = 0
  #left: number
  #isTold = false

  constructor(limit: number) {
    this.#limit = limit
    this.#left = limit
  }

  /** Returns as much of the text as its turn may still say, and a notice for the reader where this text is cut. */
  take(step: number, text: string): { readonly text: string; readonly note: string | null } {
    if (step !== this.#step) {
      this.#step = step
      this.#left = this.#limit
      this.#isTold = false
    }
    const kept = cutText(text, this.#left)
    this.#left = kept.length < text.length ? 0 : this.#left - kept.length
    const isCut = kept.length < text.length && !this.#isTold
    if (isCut) this.#isTold = true
    return { text: kept, note: isCut ? `\n\n> ${this.finding().message}\n` : null }
  }

  finding(): Finding {
    const message = `The answer was cut after ${this.#limit.toLocaleString('en')} characters (filters.maximum_turn_characters).`
    return { rule: 'filter/turn-cut', line: 1, column: 1, message }
  }
}
