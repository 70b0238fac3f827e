import type { Stratum } from '../../core/recorded-decisions.ts'
import type { SeenText } from '../../filters/pipeline/call-thresholds.ts'

/** Decisions that wait, at most; and characters of their texts. */
const mostDecisions = 10_000
const mostCharacters = 8_000_000

export interface Queued {
  readonly stratum: Stratum
  /** What is left to be masked; empty once it is, and where nothing of it is kept. */
  texts: readonly SeenText[]
}

const isSampled = ({ stratum }: Queued): boolean => stratum === 'near' || stratum === 'passed'

/**
 * Decisions that wait to be kept, and their texts, so many at most. What somebody may object to stays before what is a
 * sample.
 */
export class DecisionQueue<Item extends Queued> {
  #waiting: Item[] = []
  #characters = 0

  get size(): number {
    return this.#waiting.length
  }

  /** How many decisions, and texts of decisions, are not kept since there is no room. */
  push(item: Item): { readonly decisions: number; readonly texts: number } {
    const dropped = { decisions: 0, texts: 0 }
    if (this.#waiting.length >= mostDecisions) {
      dropped.decisions = 1
      const at = isSampled(item) ? -1 : this.#waiting.findIndex(isSampled)
      if (at < 0) return dropped
      this.taken(this.#waiting.splice(at, 1))
    }
    const length = lengthOf(item)
    if (length > 0 && this.#characters + length > mostCharacters) {
      item.texts = []
      dropped.texts = 1
    } else this.#characters += length
    this.#waiting.push(item)
    return dropped
  }

  /** The oldest, which stay until they are removed. */
  first(most: number): readonly Item[] {
    return this.#waiting.slice(0, most)
  }

  remove(items: ReadonlySet<Item>): void {
    this.#waiting = this.#waiting.filter((item) => !items.has(item))
  }

  /** Lets go of the texts of these, which are kept or given up. */
  taken(items: readonly Item[]): void {
    for (const item of items) {
      this.#characters -= lengthOf(item)
      item.texts = []
    }
  }
}

const lengthOf = ({ texts }: Queued): number => texts.reduce((sum, { text }) => sum + text.length, 0)
