import { normalize } from '../views/normalize.ts'
import type { Span } from '../views/text-view.ts'

const word = /[\p{L}\p{N}]+/gu
const isWordCharacter = /[\p{L}\p{N}]/u

/** How values and texts are compared: without accents, case and the kind of blanks. */
export function foldValue(text: string): string {
  return normalize(text).text.toLowerCase().replace(/\s+/g, ' ').trim()
}

interface Listed {
  readonly value: string
  /** Characters before its first word: `+49 …`. */
  readonly lead: number
}

/** So many beginnings are looked for in a text before its words are. */
const fewBeginnings = 32

/** Finds the values of a list in texts, each as whole words, in one pass however long the list is. */
export class ValueList {
  readonly #byFirstWord = new Map<string, Listed[]>()

  constructor(values: readonly string[]) {
    for (const given of values) {
      const value = foldValue(given)
      const first = /[\p{L}\p{N}]+/u.exec(value)
      if (first === null) continue
      const listed = this.#byFirstWord.get(first[0]) ?? []
      listed.push({ value, lead: first.index })
      this.#byFirstWord.set(first[0], listed)
    }
    // Of values that begin alike the longest is taken.
    for (const listed of this.#byFirstWord.values()) listed.sort((one, other) => other.value.length - one.value.length)
  }

  get isEmpty(): boolean {
    return this.#byFirstWord.size === 0
  }

  /** Most texts hold nothing of a short list: its first words are found faster than all words of a text. */
  #mayHold(text: string): boolean {
    if (this.#byFirstWord.size > fewBeginnings) return true
    for (const first of this.#byFirstWord.keys()) if (text.includes(first)) return true
    return false
  }

  find(text: string): Span[] {
    if (this.#byFirstWord.size === 0) return []
    const spans: Span[] = []
    const lowered = text.toLowerCase()
    // A few letters have a small one of another length; those texts are compared as they are.
    const read = lowered.length === text.length ? lowered : text
    if (!this.#mayHold(read)) return []
    let until = 0
    for (const match of read.matchAll(word)) {
      const listed = this.#byFirstWord.get(match[0])
      if (listed === undefined || match.index < until) continue
      for (const { value, lead } of listed) {
        const start = match.index - lead
        const end = endOf(read, start, value)
        if (end === null) continue
        spans.push({ start, end })
        until = end
        break
      }
    }
    return spans
  }
}

/** Where `value` ends that begins at `start`, any blanks for its blanks; null where it does not stand there. */
function endOf(text: string, start: number, value: string): number | null {
  let at = start
  if (at < 0) return null
  for (let index = 0; index < value.length; index += 1) {
    if (value[index] === ' ') {
      const from = at
      while (/\s/.test(text.charAt(at))) at += 1
      if (at === from) return null
    } else if (text[at] === value[index]) at += 1
    else return null
  }
  const isInside = isWordCharacter.test(value.slice(-1)) && isWordCharacter.test(text.charAt(at))
  return isInside ? null : at
}

/** Tells of a text that is not at its end whether a value of a list may have begun that goes on behind it. */
export class ValueBeginnings {
  readonly #beginnings = new Set<string>()
  #mostWords = 0
  #longest = 0

  constructor(values: Iterable<string>) {
    for (const value of values) {
      this.#longest = Math.max(this.#longest, value.length)
      const words = foldValue(value).match(word) ?? []
      for (let count = 1; count < words.length; count += 1) this.#beginnings.add(words.slice(0, count).join(' '))
      this.#mostWords = Math.max(this.#mostWords, words.length - 1)
    }
  }

  /** Are the last words of the text the first ones of a value? What stands between them does not count. */
  endsWithin(text: string): boolean {
    if (this.#mostWords === 0) return false
    // Marks between the words may take as much room as these.
    const words = foldValue(text.slice(-2 * this.#longest)).match(word) ?? []
    let last = ''
    for (const next of words.slice(-this.#mostWords).toReversed()) {
      last = last === '' ? next : `${next} ${last}`
      if (this.#beginnings.has(last)) return true
    }
    return false
  }
}
