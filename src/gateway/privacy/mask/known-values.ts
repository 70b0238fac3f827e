import type { ValueSpan } from './mask-text.ts'

/** A value that was found somewhere, and from which turn on it is looked for. */
export interface KnownValue {
  readonly value: string
  readonly category: string
  readonly fromTurn: number
}

/** Shorter ones stand in too many words by chance. */
const shortestValue = 3
const word = /[\p{L}\p{N}]+/gu
const isWordCharacter = (character: string): boolean => /[\p{L}\p{N}]/u.test(character)

/**
 * Finds the values of a conversation wherever else they stand in it: a name that one message introduces is a name in all
 * of them. Each text is read once, however many values there are.
 */
export class KnownValues {
  readonly #byWord = new Map<string, KnownValue[]>()

  add(known: KnownValue): void {
    const { value, category, fromTurn } = known
    const first = /[\p{L}\p{N}]+/u.exec(value)
    if (value.length < shortestValue || first === null || first.index > 0) return
    const others = this.#byWord.get(first[0]) ?? []
    const same = others.findIndex((other) => other.value === value && other.category === category)
    const earlier = others[same]
    if (earlier === undefined) others.push(known)
    else if (earlier.fromTurn > fromTurn) others[same] = known
    if (earlier === undefined) others.sort((one, other) => other.value.length - one.value.length)
    this.#byWord.set(first[0], others)
  }

  /** Where they stand in a text of this turn. */
  spansIn(text: string, turn: number): ValueSpan[] {
    if (this.#byWord.size === 0) return []
    const spans: ValueSpan[] = []
    for (const { 0: first, index: start } of text.matchAll(word)) {
      for (const { value, category, fromTurn } of this.#byWord.get(first) ?? []) {
        const end = start + value.length
        if (fromTurn > turn || !text.startsWith(value, start)) continue
        if (isWordCharacter(value.slice(-1)) && isWordCharacter(text.charAt(end))) continue
        spans.push({ start, end, category })
        break
      }
    }
    return spans
  }
}
