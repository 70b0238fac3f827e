import { classCount, classAt, levelCount } from './classes.ts'
import { mix } from './hashes.ts'
import type { Words } from './words.ts'

/** Told of the features of words, one after the other. The same ones in training and in use: a change wants a new model. */
export interface FeatureSink {
  /** A feature by its hash, of the word at a place. */
  addHashed(feature: number, at: number): void
  /** Two classes, one before the other, the later one at a place. */
  addPair(pair: number, at: number): void
}

/** How many pairs of classes there are. */
export const pairCount = classCount * classCount
export const levelFeatures = classCount * levelCount

const reach = 6
const mostBefore = 4
/** A pair that comes again before so many words counts once. */
const repeated = 48
const bigramSeed = 0x3c6ef372
const gramSeed = 0x1b873593
/** From here on to the end of these, a class says how something is said and not what. */
const [firstForm, lastForm] = [classAt('second-person'), classAt('is')]
const isForm = (wordClass: number): boolean => wordClass >= firstForm && wordClass <= lastForm
const figurative = classAt('figurative')

/** Tells a sink the features of all words; `classes` as `Annotations` has them. Takes time in proportion to the words. */
export class FeatureReader {
  readonly #places = new Int32Array(mostBefore)
  readonly #before = new Int32Array(mostBefore)
  readonly #seenAt = new Int32Array(pairCount)

  read(words: Words, classes: Int32Array, sink: FeatureSink): void {
    const { length, hashes, grams, gramsFrom } = words
    this.#seenAt.fill(-repeated)
    let count = 0
    let last = 0
    for (let at = 0; at < length; at += 1) {
      const value = classes[at] as number
      const hash = hashes[at] as number
      if (value === figurative) {
        last = 0
        continue
      }
      sink.addHashed(hash, at)
      if (last !== 0) sink.addHashed(mix(last ^ bigramSeed, hash), at)
      last = hash
      const end = gramsFrom[at + 1] as number
      for (let gram = gramsFrom[at] as number; gram < end; gram += 1) {
        sink.addHashed((grams[gram] as number) ^ gramSeed, at)
      }
      if (value === 0) continue
      for (let back = 1; back <= Math.min(count, mostBefore); back += 1) {
        const slot = (count - back) % mostBefore
        if (at - (this.#places[slot] as number) > reach) break
        this.#addPairs(this.#before[slot] as number, at, { value, sink })
      }
      this.#places[count % mostBefore] = at
      this.#before[count % mostBefore] = value
      count += 1
    }
  }

  #addPairs(before: number, at: number, { value, sink }: { value: number; sink: FeatureSink }): void {
    for (let one = before & 0xffffff; one !== 0; one >>>= 6) {
      const first = one & 63
      for (let other = value & 0xffffff; other !== 0; other >>>= 6) {
        const second = other & 63
        if (isForm(first) && isForm(second)) continue
        const pair = first * classCount + second
        if (at - (this.#seenAt[pair] as number) < repeated) continue
        this.#seenAt[pair] = at
        sink.addPair(pair, at)
      }
    }
  }
}
