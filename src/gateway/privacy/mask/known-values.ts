import type { ValueSpan } from './mask-text.ts'

/** A value that was found somewhere, and from which turn on it is looked for. */
export interface KnownValue {
  readonly value: string
  readonly category: string
  readonly fromTurn: number
}

/** One of them in a text, and from which turn on it was known to be one. */
export interface FoundValue extends ValueSpan {
  readonly fromTurn: number
}

/** Shorter ones stand in too many words by chance. */
const shortestValue = 3
/** So few are looked for one by one, which is quicker than to look at each word. */
const fewValues = 32
const word = /[\p{L}\p{N}]+/gu

/**
 * Finds the values of a conversation wherever else they stand in it: a name that one message introduces is a name in all
 * of them. Each text is read once, however many values there are.
 */
export class KnownValues {
  readonly #byValue = new Map<string, KnownValue>()
  /** How long the values are that begin with a word. */
  readonly #lengths = new Map<string, Set<number>>()

  /** A value that is known has the first kind it was told of, from the earliest turn on. */
  add(known: KnownValue): void {
    const { value, fromTurn } = known
    const first = /^[\p{L}\p{N}]+/u.exec(value)?.[0]
    if (value.length < shortestValue || first === undefined) return
    const earlier = this.#byValue.get(value)
    if (earlier === undefined || earlier.fromTurn > fromTurn) {
      this.#byValue.set(value, { value, category: earlier?.category ?? known.category, fromTurn })
    }
    const lengths = this.#lengths.get(first)
    if (lengths === undefined) this.#lengths.set(first, new Set([value.length]))
    else lengths.add(value.length)
  }

  /** Where they stand in a text, as whole words. */
  spansIn(text: string): readonly FoundValue[] {
    return this.#byValue.size <= fewValues ? this.#oneByOne(text) : this.#wordByWord(text)
  }

  #oneByOne(text: string): FoundValue[] {
    const spans: FoundValue[] = []
    for (const known of this.#byValue.values()) {
      const { length } = known.value
      for (let start = text.indexOf(known.value); start >= 0; start = text.indexOf(known.value, start + length)) {
        if (isWhole(text, start, known.value)) spans.push(foundAt(start, known))
      }
    }
    return spans
  }

  #wordByWord(text: string): FoundValue[] {
    const spans: FoundValue[] = []
    for (const { 0: first, index: start } of text.matchAll(word)) {
      for (const length of this.#lengths.get(first) ?? []) {
        const known = this.#byValue.get(text.slice(start, start + length))
        if (known !== undefined && isWhole(text, start, known.value)) spans.push(foundAt(start, known))
      }
    }
    return spans
  }
}

function foundAt(start: number, { value, category, fromTurn }: KnownValue): FoundValue {
  return { start, end: start + value.length, category, fromTurn }
}

const wordCharacter = /[\p{L}\p{N}]/u

/** Does no word go on into the value, or out of it? A value begins with a letter or a digit. */
function isWhole(text: string, start: number, value: string): boolean {
  const end = start + value.length
  return (
    !(start > 0 && wordCharacter.test(text.charAt(start - 1))) &&
    !(wordCharacter.test(value.slice(-1)) && wordCharacter.test(text.charAt(end)))
  )
}
