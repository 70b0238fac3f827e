import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { kindCount, toxicityKinds } from './categories.ts'
import { wordClasses } from './classes.ts'
import { levelFeatures, pairCount } from './features.ts'

const perKind = z.array(z.number()).length(kindCount)

const header = z.object({
  format: z.literal('sallyport-toxicity'),
  version: z.int().min(1),
  seed: z.int(),
  /** SHA-256 of the programs and lists that made the model: another one was made by others. */
  sources: z.string(),
  kinds: z.array(z.string()).length(kindCount),
  classes: z.array(z.string()),
  /** Places in the table of hashed features, a power of two, and how many of them are taken. */
  rows: z.int().min(1),
  features: z.int().min(1),
  /** What one step of a weight is worth: of classes and their pairs, and of hashed features. */
  classStep: z.number().positive(),
  step: z.number().positive(),
  bias: perKind,
  /** By kind, sums of weights and the probabilities that they stand for, both rising. */
  calibration: z.array(z.array(z.tuple([z.number(), z.number()])).min(2)).length(kindCount),
  /** SHA-256 of everything behind the header. */
  body: z.string(),
})

export type ModelHeader = z.infer<typeof header>

const newLine = 10
const blockBits = 5

/** Reads a model file; throws where it is not one, is damaged, or was made for other classes of words. */
export function readModel(path: string | URL): ToxicityModel {
  const bytes = readFileSync(path)
  const end = bytes.indexOf(newLine)
  if (end < 0) throw new Error('The model of toxicity has no header.')
  const parsed = header.parse(JSON.parse(bytes.subarray(0, end).toString('utf8')))
  const body = bytes.subarray(end + 1)
  if (createHash('sha256').update(body).digest('hex') !== parsed.body) {
    throw new Error('The model of toxicity is damaged: its digest is not the one that it names.')
  }
  if (String(parsed.kinds) !== String(toxicityKinds) || String(parsed.classes) !== String(wordClasses)) {
    throw new Error(
      'The model of toxicity was made for other classes of words: `npm run train -- toxicity` makes it anew.',
    )
  }
  return new ToxicityModel(parsed, body)
}

/** Weights of a linear model: a sum for each kind of toxicity. */
export class ToxicityModel {
  readonly header: ModelHeader
  /** Of numbers of words of a class and of pairs of classes, `kindCount` for each. */
  readonly levels: Float64Array
  readonly pairs: Float64Array
  readonly #checks: Uint16Array
  readonly #weights: Float32Array
  /** A bit for each row that is taken: most features of a text were never learned, and this is small enough to be near. */
  readonly #taken: Uint32Array
  readonly #before: Uint32Array

  /** `body`: weights of numbers and pairs of classes (8 bits each), checks of the rows (16 bits, little-endian), weights of
   * those that are taken (8 bits). */
  constructor(header: ModelHeader, body: Uint8Array) {
    this.header = header
    const { rows, features, classStep, step } = header
    const [levels, pairs] = [levelFeatures * kindCount, pairCount * kindCount]
    const checks = levels + pairs + rows * 2
    if (body.length !== checks + features * kindCount) throw new Error('The model of toxicity has another length.')
    const signed = (from: number, to: number) => new Int8Array(Uint8Array.from(body.subarray(from, to)).buffer)
    this.levels = Float64Array.from(signed(0, levels), (weight) => weight * classStep)
    this.pairs = Float64Array.from(signed(levels, levels + pairs), (weight) => weight * classStep)
    this.#checks = new Uint16Array(Uint8Array.from(body.subarray(levels + pairs, checks)).buffer)
    this.#weights = Float32Array.from(signed(checks, body.length), (weight) => weight * step)
    this.#taken = new Uint32Array(Math.ceil(rows / 32))
    this.#before = new Uint32Array(this.#taken.length)
    let count = 0
    for (let row = 0; row < rows; row += 1) {
      if (row % 32 === 0) this.#before[row >>> blockBits] = count
      if (this.#checks[row] === 0) continue
      this.#taken[row >>> blockBits] = (this.#taken[row >>> blockBits] as number) | (1 << (row % 32))
      count += 1
    }
    if (count !== features) throw new Error('The model of toxicity has another number of features.')
  }

  /** Adds the weights of a hashed feature to sums from `at` on. */
  addWeights(feature: number, sums: Float64Array, at: number): void {
    const mask = this.#checks.length - 1
    for (let row = feature & mask; ; row = (row + 1) & mask) {
      const block = row >>> blockBits
      const taken = this.#taken[block] as number
      const bit = 1 << (row % 32)
      if ((taken & bit) === 0) return
      if (this.#checks[row] !== checkOf(feature)) continue
      const place = ((this.#before[block] as number) + bitsOf(taken & (bit - 1))) * kindCount
      for (let kind = 0; kind < kindCount; kind += 1) {
        sums[at + kind] = (sums[at + kind] as number) + (this.#weights[place + kind] as number)
      }
      return
    }
  }
}

/** How many bits of 32 are set. */
function bitsOf(bits: number): number {
  let sums = bits - ((bits >>> 1) & 0x55555555)
  sums = (sums & 0x33333333) + ((sums >>> 2) & 0x33333333)
  return Math.imul((sums + (sums >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** What tells features of one row from each other; 0 is a free row. */
export const checkOf = (feature: number): number => feature >>> 16 || 1
