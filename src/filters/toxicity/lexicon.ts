import { readFileSync } from 'node:fs'
import { wordClasses, type WordClass } from './classes.ts'
import { hashOf, phraseHash } from './hashes.ts'

/** Classes that a word may be in. */
export const mostClasses = 4
const classBits = 6
export const classMask = (1 << classBits) - 1
const lengthShift = mostClasses * classBits
/** Words that a phrase has at most. */
export const longestPhrase = 7

/** A word or a phrase with its class, as the file has it, endings made. */
export interface LexiconEntry {
  readonly words: readonly string[]
  readonly wordClass: WordClass
}

/**
 * Reads the file of words: a line `[class]`, then the words of that class; `#` begins a comment. Throws where a class is
 * unknown or a word stands before the first of them.
 */
export function readEntries(path: string | URL): readonly LexiconEntry[] {
  const entries: LexiconEntry[] = []
  let current: WordClass | null = null
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('#')) continue
    const [, heading] = /^\[(.+)\]$/.exec(line) ?? []
    if (heading !== undefined) {
      current = wordClasses.find((name) => name === heading) ?? null
      if (current === null) throw new Error(`The lexicon has a class that nothing knows: ${heading}.`)
      continue
    }
    for (const entry of line.split(' ').filter((word) => word !== '')) {
      if (current === null) throw new Error(`The lexicon has a word without a class: ${entry}.`)
      for (const form of formsOf(entry)) entries.push({ words: form.split(/[_\-/]/), wordClass: current })
    }
  }
  return entries
}

/** The forms of an entry: those of a regular verb (`/v`) or noun (`/n`). */
function formsOf(entry: string): readonly string[] {
  const [, stem = '', kind] = /^(.+)\/([vn])$/.exec(entry) ?? []
  if (kind === undefined) return [entry]
  const plural = /(?:s|x|z|ch|sh)$/.test(stem)
    ? `${stem}es`
    : /[^aeiou]y$/.test(stem)
      ? `${stem.slice(0, -1)}ies`
      : `${stem}s`
  if (kind === 'n') return [stem, plural]
  const bare = stem.endsWith('e') ? stem.slice(0, -1) : doubled(stem)
  const past = /[^aeiou]y$/.test(stem) ? `${stem.slice(0, -1)}ied` : `${bare}ed`
  const going = /[^aeiou]y$/.test(stem) ? `${stem}ing` : `${bare}ing`
  return [stem, plural, past, going]
}

/** `stab` has `stabbing`, `kick` and `torment` have no second letter. */
const doubled = (stem: string): string =>
  /^[^aeiou]*[aeiou][bdgklmnprt]$/.test(stem) && !/[aeiou]{2}.$/.test(stem) ? stem + stem.slice(-1) : stem

/** Words and phrases by their hashes. */
export class Lexicon {
  readonly #keys: Int32Array
  readonly #values: Int32Array
  readonly #mask: number

  constructor(entries: readonly LexiconEntry[]) {
    const values = new Map<number, number>()
    for (const { words, wordClass } of entries) {
      const hashes = words.map((word) => hashOf(word))
      const [first = 0] = hashes
      let whole = first
      for (const hash of hashes.slice(1)) whole = phraseHash(whole, hash)
      values.set(whole, withClass(values.get(whole) ?? 0, wordClasses.indexOf(wordClass)))
      const begun = values.get(first) ?? 0
      const length = Math.max(begun >>> lengthShift, words.length)
      if (length > longestPhrase) throw new Error(`The lexicon has a phrase that is too long: ${words.join(' ')}.`)
      values.set(first, (begun & ((1 << lengthShift) - 1)) | (length << lengthShift))
    }
    let size = 1_024
    while (size < values.size * 3) size *= 2
    this.#mask = size - 1
    this.#keys = new Int32Array(size)
    this.#values = new Int32Array(size)
    for (const [hash, value] of values) {
      let at = hash & this.#mask
      while (this.#values[at] !== 0) at = (at + 1) & this.#mask
      this.#keys[at] = hash
      this.#values[at] = value
    }
  }

  /** The classes of a word or a phrase, six bits each, and above them how long the phrases are that begin with it; 0 for none. */
  find(hash: number): number {
    for (let at = hash & this.#mask; ; at = (at + 1) & this.#mask) {
      const value = this.#values[at] as number
      if (value === 0 || this.#keys[at] === hash) return value
    }
  }
}

export const phraseLengthOf = (value: number): number => value >>> lengthShift

/** The class at a place of a value of `find`; 0 behind the last. */
export const classIn = (value: number, place: number): number => (value >>> (place * classBits)) & classMask

/** A further class goes behind those that are there; one too many is left out. */
function withClass(value: number, added: number): number {
  for (let place = 0; place < mostClasses; place += 1) {
    const known = classIn(value, place)
    if (known === added) return value
    if (known === 0) return value | (added << (place * classBits))
  }
  return value
}
