import { Annotations } from '../../src/filters/toxicity/annotate.ts'
import { kindCount, toxicityKinds } from '../../src/filters/toxicity/categories.ts'
import { levelCount } from '../../src/filters/toxicity/classes.ts'
import { FeatureReader, levelFeatures, pairCount } from '../../src/filters/toxicity/features.ts'
import type { Lexicon } from '../../src/filters/toxicity/lexicon.ts'
import { levelsOf, wordsOfStretch } from '../../src/filters/toxicity/scorer.ts'
import { Words } from '../../src/filters/toxicity/words.ts'
import type { MadeText } from './generator.ts'

/** Features that have a place of their own: numbers of words of classes, then pairs of classes. */
export const denseFeatures = levelFeatures + pairCount

/** A text as it is learned from: as much of it as one stretch holds. */
export interface Example {
  /** Places below `denseFeatures`. */
  readonly dense: Int32Array
  readonly hashed: Int32Array
  readonly labels: Uint8Array
}

/** Reads texts into examples, as the detector reads them. */
export class ExampleReader {
  readonly #words = new Words()
  readonly #annotations = new Annotations()
  readonly #features = new FeatureReader()
  readonly #lexicon: Lexicon

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon
  }

  read({ text, kinds }: MadeText): Example {
    const words = this.#words
    words.read(text)
    words.length = Math.min(words.length, wordsOfStretch)
    this.#annotations.read(words, this.#lexicon)
    const { classes } = this.#annotations
    const dense: number[] = []
    const hashed: number[] = []
    this.#features.read(words, classes, {
      addHashed: (feature) => hashed.push(feature),
      addPair: (pair) => dense.push(levelFeatures + pair),
    })
    const counts = new Map<number, number>()
    for (let at = 0; at < words.length; at += 1) {
      for (let rest = (classes[at] as number) & 0xffffff; rest !== 0; rest >>>= 6) {
        counts.set(rest & 63, (counts.get(rest & 63) ?? 0) + 1)
      }
    }
    for (const [wordClass, count] of counts) {
      for (let level = 0; level < levelsOf(count); level += 1) dense.push(wordClass * levelCount + level)
    }
    const labels = new Uint8Array(kindCount)
    for (const kind of kinds) labels[toxicityKinds.indexOf(kind)] = 1
    return { dense: Int32Array.from(dense), hashed: Int32Array.from(hashed), labels }
  }
}
