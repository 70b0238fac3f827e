import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { labelCount } from '../../src/filters/names/labels.ts'
import { checkOf, type ModelHeader } from '../../src/filters/names/model.ts'
import type { Weights } from './train.ts'

/** The greatest weight of 8 bits. */
const greatest = 127
/** Of a table so many places are taken at most: what is not in it has to be seen fast. */
const filled = 0.4

export interface ModelParts {
  readonly weights: Weights
  readonly classes: ReadonlyMap<number, number>
  /** Places for features, a power of two. */
  readonly rows: number
  readonly identity: Pick<ModelHeader, 'version' | 'seed' | 'sources'>
}

/** The bytes of a model file: a line of JSON, then the checks, the weights of those that are taken, and the words. */
export function modelBytes({ weights, classes, rows, identity }: ModelParts): Buffer {
  const kept = strongest(weights.features, Math.floor(rows * filled))
  const step = stepOf(
    kept.map(([, row]) => row),
    weights.moves,
  )
  const checks = new Uint16Array(rows)
  const byPlace: (Float32Array | undefined)[] = Array.from({ length: rows })
  for (const [feature, row] of kept) {
    let place = feature & (rows - 1)
    while (checks[place] !== 0 && checks[place] !== checkOf(feature)) place = (place + 1) & (rows - 1)
    // Two features that cannot be told from each other: the stronger one was first.
    if (checks[place] !== 0) continue
    checks[place] = checkOf(feature)
    byPlace[place] = row
  }
  const taken = byPlace.filter((row) => row !== undefined)
  const packed = Int8Array.from(taken.flatMap((row) => Array.from(row, (weight) => stepsOf(weight, step))))
  const words = wordTable(classes)
  const body = Buffer.concat([Buffer.from(checks.buffer), Buffer.from(packed.buffer), Buffer.from(words.buffer)])
  const transitions = Array.from({ length: labelCount }, (_, from) =>
    Array.from({ length: labelCount }, (_, to) => Math.round((weights.moves[from * labelCount + to] ?? 0) / step)),
  )
  const header: ModelHeader = {
    format: 'sallyport-names',
    ...identity,
    rows,
    features: taken.length,
    words: words.length,
    step,
    transitions,
    body: createHash('sha256').update(body).digest('hex'),
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body])
}

export const writeModel = (path: string, parts: ModelParts): void => writeFileSync(path, modelBytes(parts))

const normOf = (row: Float32Array) => row.reduce((sum, weight) => sum + weight * weight, 0)

function strongest(features: ReadonlyMap<number, Float32Array>, most: number): (readonly [number, Float32Array])[] {
  return [...features]
    .map(([feature, row]) => ({ feature, row, norm: normOf(row) }))
    .sort((one, other) => other.norm - one.norm || one.feature - other.feature)
    .slice(0, most)
    .map(({ feature, row }) => [feature, row] as const)
}

/** One weight in some thousands is cut: a step is fine enough for the others. */
function stepOf(rows: readonly Float32Array[], moves: Float64Array): number {
  const sizes = rows.flatMap((row) => [...row].map(Math.abs)).sort((one, other) => one - other)
  const large = sizes[Math.floor(sizes.length * 0.9998)] ?? 1
  return Math.max(large, ...[...moves].map((move) => Math.abs(move) / 8)) / greatest
}

const stepsOf = (weight: number, step: number) => Math.max(-greatest, Math.min(greatest, Math.round(weight / step)))

function wordTable(classes: ReadonlyMap<number, number>): Int32Array {
  let length = 1
  while (length * 0.6 < classes.size) length *= 2
  const words = new Int32Array(length)
  for (const [hash, bits] of [...classes].sort(([one], [other]) => one - other)) {
    if (bits === 0) continue
    let at = (hash >>> 8) & (length - 1)
    while (words[at] !== 0 && ((words[at] as number) ^ hash) >>> 8 !== 0) at = (at + 1) & (length - 1)
    words[at] = (hash & ~255) | ((words[at] as number) & 255) | bits
  }
  return words
}
