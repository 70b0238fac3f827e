import { classAt, classCount, type WordClass } from './classes.ts'
import { phraseHash } from './hashes.ts'
import { classIn, type Lexicon, phraseLengthOf } from './lexicon.ts'
import type { Words } from './words.ts'

const classesOnly = 0xffffff
const maskOf = (names: readonly WordClass[]): Uint8Array => {
  const mask = new Uint8Array(classCount)
  for (const name of names) mask[classAt(name)] = 1
  return mask
}

/** These stay what they are inside of a phrase. */
const kept = maskOf(['profanity-strong', 'slur', 'insult-strong'])
/** What is done to a process or a server is done to nobody. */
const doneToMachines = maskOf(['kill', 'injure', 'gore', 'coercion', 'threat'])
const people = maskOf(['victim', 'second-person', 'third-person', 'identity', 'minor', 'kin'])
const technical = maskOf(['technical'])
const figurative = classAt('figurative')
const reachOfMachines = 4

/** The first of the classes of a value that is in a mask; 0 without one. */
export function firstIn(value: number, mask: Uint8Array): number {
  for (let rest = value & classesOnly; rest !== 0; rest >>>= 6) if (mask[rest & 63] === 1) return rest & 63
  return 0
}

/** Classes of the words of a text, as `Lexicon` packs them; used again for the next text. */
export class Annotations {
  classes = new Int32Array(1_024)

  /** Looks up every word and phrase; the longest phrase says what its words mean. Then says what is meant of machines. */
  read(words: Words, lexicon: Lexicon): void {
    const { length, hashes } = words
    if (this.classes.length < length) this.classes = new Int32Array(words.hashes.length)
    const { classes } = this
    let coveredTo = 0
    for (let at = 0; at < length; at += 1) {
      const value = lexicon.find(hashes[at] as number)
      const own = value & classesOnly
      if (at < coveredTo) {
        classes[at] = firstIn(own, kept)
        continue
      }
      classes[at] = own
      const longest = Math.min(phraseLengthOf(value), length - at)
      let whole = hashes[at] as number
      for (let count = 2; count <= longest; count += 1) {
        whole = phraseHash(whole, hashes[at + count - 1] as number)
        const phrase = lexicon.find(whole) & classesOnly
        if (phrase === 0) continue
        coveredTo = at + count
        classes[at] = phrase === figurative ? phrase : withKept(phrase, own)
      }
      if (coveredTo > at && classes[at] === figurative) {
        for (let covered = at + 1; covered < coveredTo; covered += 1) classes[covered] = 0
        at = coveredTo - 1
      }
    }
    this.#sparePrograms(length)
  }

  #sparePrograms(length: number): void {
    const { classes } = this
    for (let at = 0; at < length; at += 1) {
      if (firstIn(classes[at] as number, doneToMachines) === 0) continue
      const end = Math.min(length, at + reachOfMachines + 1)
      for (let behind = at + 1; behind < end; behind += 1) {
        const value = classes[behind] as number
        if (firstIn(value, people) !== 0) break
        if (firstIn(value, technical) === 0) continue
        classes[at] = figurative
        break
      }
    }
  }
}

function withKept(phrase: number, own: number): number {
  const more = firstIn(own, kept)
  if (more === 0 || (phrase & 63) === more) return phrase
  return phrase < 64 ? phrase | (more << 6) : phrase
}

/** Is one of the classes in a word? */
export function hasClass(value: number, wanted: number): boolean {
  return classIn(value, 0) === wanted || classIn(value, 1) === wanted || classIn(value, 2) === wanted
}
