import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { labelCount } from './labels.ts'

const header = z.object({
  format: z.literal('sallyport-names'),
  version: z.int().min(1),
  seed: z.int(),
  /** SHA-256 of the programs and lists that made the model: another one was made by others. */
  sources: z.string(),
  /** Places in the table of features, a power of two, and how many of them are taken. */
  rows: z.int().min(1),
  features: z.int().min(1),
  words: z.int().min(1),
  /** What one step of a weight is worth. */
  step: z.number().positive(),
  /** Of the label in the row to the label in the column, in steps. */
  transitions: z.array(z.array(z.int()).length(labelCount)).length(labelCount),
  /** SHA-256 of everything behind the header. */
  body: z.string(),
})

export type ModelHeader = z.infer<typeof header>

const newLine = 10
/** A row has one weight for each label but the first, whose weights are nothing. */
const weightCount = labelCount - 1
const classBits = 8
const blockBits = 5
const blockRows = 1 << blockBits

/** Reads a model file; throws where it is not one, or damaged. */
export function readModel(path: string | URL): NamesModel {
  const bytes = readFileSync(path)
  const end = bytes.indexOf(newLine)
  if (end < 0) throw new Error('The model of names has no header.')
  const parsed = header.parse(JSON.parse(bytes.subarray(0, end).toString('utf8')))
  const body = bytes.subarray(end + 1)
  if (createHash('sha256').update(body).digest('hex') !== parsed.body) {
    throw new Error('The model of names is damaged: its digest is not the one that it names.')
  }
  return new NamesModel(parsed, body)
}

/** The weights of a linear-chain conditional random field over hashed features, and what lists say of words. */
export class NamesModel {
  readonly header: ModelHeader
  readonly #checks: Uint16Array
  readonly #weights: Int8Array
  /** A bit for each row that is taken: most features of a text were never learned, and this is small enough to be near. */
  readonly #taken: Uint32Array
  /** How many rows are taken before each that has a multiple of 32. */
  readonly #before: Uint32Array
  readonly #words: Int32Array

  /** `body`: the checks of the rows (16 bits each, little-endian), the weights of those that are taken (8 bits each), then the words
   * (32 bits). */
  constructor(header: ModelHeader, body: Uint8Array) {
    this.header = header
    const { rows, features, words } = header
    const [checks, weights] = [rows * 2, features * weightCount]
    if (body.length !== checks + weights + words * 4) throw new Error('The model of names has another length.')
    // Copies: a view of a buffer may begin at an odd byte.
    this.#checks = new Uint16Array(Uint8Array.from(body.subarray(0, checks)).buffer)
    this.#weights = new Int8Array(Uint8Array.from(body.subarray(checks, checks + weights)).buffer)
    this.#taken = new Uint32Array(Math.ceil(rows / blockRows))
    this.#before = new Uint32Array(this.#taken.length)
    let count = 0
    for (let row = 0; row < rows; row += 1) {
      const block = row >>> blockBits
      if (row % blockRows === 0) this.#before[block] = count
      if (this.#checks[row] === 0) continue
      this.#taken[block] = (this.#taken[block] as number) | (1 << (row % blockRows))
      count += 1
    }
    if (count !== features) throw new Error('The model of names has another number of features.')
    this.#words = new Int32Array(Uint8Array.from(body.subarray(checks + weights)).buffer)
  }

  /** Adds the weights of a feature to the scores of the labels from `at` on. */
  addWeights(feature: number, scores: Float64Array, at: number): void {
    const mask = this.#checks.length - 1
    const check = checkOf(feature)
    for (let row = feature & mask; ; row = (row + 1) & mask) {
      const block = row >>> blockBits
      const taken = this.#taken[block] as number
      const bit = 1 << (row % blockRows)
      if ((taken & bit) === 0) return
      if (this.#checks[row] !== check) continue
      const place = ((this.#before[block] as number) + bitsOf(taken & (bit - 1))) * weightCount
      for (let label = 0; label < weightCount; label += 1) {
        scores[at + 1 + label] = (scores[at + 1 + label] as number) + (this.#weights[place + label] as number)
      }
      return
    }
  }

  /** What lists say of the word with this hash, as a sum of `classes`. */
  classesOf(hash: number): number {
    return classesIn(this.#words, hash)
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

/** The classes of a word in a table whose length is a power of two: 24 bits of the hash, then 8 of the classes. */
export function classesIn(words: Int32Array, hash: number): number {
  const mask = words.length - 1
  for (let at = (hash >>> classBits) & mask; ; at = (at + 1) & mask) {
    const entry = words[at] as number
    if (entry === 0) return 0
    if ((entry ^ hash) >>> classBits === 0) return entry & 255
  }
}
