import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { kindCount, toxicityKinds } from '../../src/filters/toxicity/categories.ts'
import { wordClasses } from '../../src/filters/toxicity/classes.ts'
import { checkOf, type ModelHeader } from '../../src/filters/toxicity/model.ts'
import type { Weights } from './train.ts'

/** The greatest weight of 8 bits. */
const greatest = 127
/** Of a table so many places are taken at most: what is not in it has to be seen fast. */
const filled = 0.2

export interface ModelParts {
  readonly weights: Weights
  readonly calibration: ModelHeader['calibration']
  /** Places for hashed features, a power of two. */
  readonly rows: number
  readonly identity: Pick<ModelHeader, 'version' | 'seed' | 'sources'>
}

/** The bytes of a model file: a line of JSON, then what `ToxicityModel` reads. */
export function modelBytes({ weights, calibration, rows, identity }: ModelParts): Buffer {
  const checks = new Uint16Array(rows)
  const byPlace: (Float64Array | undefined)[] = Array.from({ length: rows })
  for (const [feature, row] of strongest(weights.hashed, Math.floor(rows * filled))) {
    let place = feature & (rows - 1)
    while (checks[place] !== 0 && checks[place] !== checkOf(feature)) place = (place + 1) & (rows - 1)
    // Two features that cannot be told from each other: the stronger one was first.
    if (checks[place] !== 0) continue
    checks[place] = checkOf(feature)
    byPlace[place] = row
  }
  const taken = byPlace.filter((row) => row !== undefined)
  const hashed = Float64Array.from(taken.flatMap((row) => [...row]))
  const classStep = stepOf(weights.dense)
  const step = stepOf(hashed)
  const body = Buffer.concat([packed(weights.dense, classStep), Buffer.from(checks.buffer), packed(hashed, step)])
  const header: ModelHeader = {
    format: 'sallyport-toxicity',
    ...identity,
    kinds: [...toxicityKinds],
    classes: [...wordClasses],
    rows,
    features: taken.length,
    classStep,
    step,
    bias: [...weights.bias],
    calibration,
    body: createHash('sha256').update(body).digest('hex'),
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body])
}

export const writeModel = (path: string, parts: ModelParts): void => writeFileSync(path, modelBytes(parts))

const strengthOf = (row: Float64Array) => row.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)

function strongest(features: ReadonlyMap<number, Float64Array>, most: number): (readonly [number, Float64Array])[] {
  return [...features]
    .map(([feature, row]) => ({ feature, row, strength: strengthOf(row) }))
    .sort((one, other) => other.strength - one.strength || one.feature - other.feature)
    .slice(0, most)
    .map(({ feature, row }) => [feature, row] as const)
}

/** One weight in some thousands is cut: a step is fine enough for the others. */
function stepOf(weights: Float64Array): number {
  const sizes = weights.map(Math.abs).sort()
  return (sizes[Math.floor(sizes.length * (1 - 1 / (kindCount * 1_000)))] || 1) / greatest
}

const packed = (weights: Float64Array, step: number): Buffer =>
  Buffer.from(
    Int8Array.from(weights, (weight) => Math.max(-greatest, Math.min(greatest, Math.round(weight / step)))).buffer,
  )
