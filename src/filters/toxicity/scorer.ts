import { Annotations } from './annotate.ts'
import { kindCount } from './categories.ts'
import { classCount, levelCount } from './classes.ts'
import { FeatureReader, type FeatureSink } from './features.ts'
import type { Lexicon } from './lexicon.ts'
import type { ToxicityModel } from './model.ts'
import { Words, type SaidWords } from './words.ts'

/** Words of a block, and blocks that are read as one stretch: the next stretch begins a block later. */
export const blockBits = 4
export const blocksOfStretch = 4
export const wordsOfStretch = blocksOfStretch << blockBits

/** A text is compared with so many readings before it, so that their number costs no more than they do. */
const mostSaid = 4

/** Sums of weights for the stretches of a text, in one pass and time in proportion to it; used again for the next text. */
export class ToxicityScorer implements FeatureSink {
  readonly words = new Words()
  readonly annotations = new Annotations()
  /** How many stretches the text has, and the sums of each, `kindCount` a stretch. */
  stretches = 0
  sums = new Float64Array(64 * kindCount)
  readonly #reader = new FeatureReader()
  readonly #model: ToxicityModel
  readonly #lexicon: Lexicon
  #blockSums = new Float64Array(64 * kindCount)
  #counts = new Uint8Array(64 * classCount)

  constructor(model: ToxicityModel, lexicon: Lexicon) {
    this.#model = model
    this.#lexicon = lexicon
  }

  /** False, and nothing is summed, for words that are among those `said` before; adds them to these. */
  read(text: string, said: SaidWords[] | null = null): boolean {
    const { words, annotations } = this
    words.read(text)
    if (said?.some((before) => words.isSaidBy(before)) === true) return false
    if (said !== null && said.length < mostSaid) said.push(words.said())
    annotations.read(words, this.#lexicon)
    const blocks = ((words.length - 1) >> blockBits) + 1
    this.#clear(blocks)
    this.#reader.read(words, annotations.classes, this)
    this.#countClasses(annotations.classes)
    this.stretches = words.length === 0 ? 0 : Math.max(1, blocks - blocksOfStretch + 1)
    for (let stretch = 0; stretch < this.stretches; stretch += 1) this.#sumStretch(stretch, blocks)
    return true
  }

  addHashed(feature: number, at: number): void {
    this.#model.addWeights(feature, this.#blockSums, (at >> blockBits) * kindCount)
  }

  addPair(pair: number, at: number): void {
    addRow(this.#model.pairs, pair, this.#blockSums, (at >> blockBits) * kindCount)
  }

  #clear(blocks: number): void {
    if (this.#counts.length < blocks * classCount) {
      this.#blockSums = new Float64Array(blocks * 2 * kindCount)
      this.sums = new Float64Array(blocks * 2 * kindCount)
      this.#counts = new Uint8Array(blocks * 2 * classCount)
      return
    }
    this.#blockSums.fill(0, 0, blocks * kindCount)
    this.#counts.fill(0, 0, blocks * classCount)
  }

  #countClasses(classes: Int32Array): void {
    const { length } = this.words
    for (let at = 0; at < length; at += 1) {
      const from = (at >> blockBits) * classCount
      for (let rest = (classes[at] as number) & 0xffffff; rest !== 0; rest >>>= 6) {
        this.#counts[from + (rest & 63)] = (this.#counts[from + (rest & 63)] as number) + 1
      }
    }
  }

  #sumStretch(stretch: number, blocks: number): void {
    const { bias } = this.#model.header
    const at = stretch * kindCount
    for (let kind = 0; kind < kindCount; kind += 1) this.sums[at + kind] = bias[kind] as number
    const end = Math.min(blocks, stretch + blocksOfStretch)
    for (let block = stretch; block < end; block += 1) {
      for (let kind = 0; kind < kindCount; kind += 1) {
        this.sums[at + kind] = (this.sums[at + kind] as number) + (this.#blockSums[block * kindCount + kind] as number)
      }
    }
    for (let wordClass = 1; wordClass < classCount; wordClass += 1) {
      let count = 0
      for (let block = stretch; block < end; block += 1) count += this.#counts[block * classCount + wordClass] as number
      const first = wordClass * levelCount
      const levels = levelsOf(count)
      for (let level = 0; level < levels; level += 1) addRow(this.#model.levels, first + level, this.sums, at)
    }
  }
}

function addRow(weights: Float64Array, row: number, sums: Float64Array, at: number): void {
  for (let kind = 0; kind < kindCount; kind += 1) {
    sums[at + kind] = (sums[at + kind] as number) + (weights[row * kindCount + kind] as number)
  }
}

/** Some of a class, several, many: each is a feature of its own, beside those of fewer. */
export const levelsOf = (count: number): number => (count > 3 ? 3 : count > 1 ? 2 : count)
