import { kindCount } from '../../src/filters/toxicity/categories.ts'
import { levelFeatures } from '../../src/filters/toxicity/features.ts'
import type { Chance } from '../random.ts'
import { denseFeatures, type Example } from './examples.ts'
import { signsOfWeights } from './signs.ts'

/** Weights of features, `kindCount` for each. */
export interface Weights {
  readonly dense: Float64Array
  readonly hashed: ReadonlyMap<number, Float64Array>
  readonly bias: Float64Array
}

export interface Training {
  readonly chance: Chance
  readonly passes: number
  /** Hashed features that are seen less often are not learned. */
  readonly fewest: number
  readonly say: (line: string) => void
}

const rate = 0.08
/** Classes stand for words that no template has; pairs of them and words for less, so that theirs shrink more. */
const shrinking = { dense: 1e-4, pair: 0.3, hashed: 0.5 }
/** So many of a hundred are left out, another choice in every pass: no word may be leaned on alone. */
const leftOut = { dense: 8, hashed: 50 }
const smallestSquare = 1e-2

/** Fits a logistic regression for each kind by stochastic gradients (AdaGrad). */
export function train(examples: readonly Example[], { chance, passes, fewest, say }: Training): Weights {
  const places = placesOf(examples, fewest)
  say(`${places.size} hashed features`)
  const count = denseFeatures + places.size + 1
  const weights = new Float64Array(count * kindCount)
  const squares = new Float64Array(count * kindCount).fill(smallestSquare)
  const bias = count - 1
  const signs = signsOfWeights()
  const rows = new Int32Array(4_096)
  for (let pass = 0; pass < passes; pass += 1) {
    let loss = 0
    for (const { dense, hashed, labels } of chance.shuffled(examples)) {
      let used = 0
      rows[used] = bias
      used += 1
      for (const feature of dense) {
        if (chance.percent(leftOut.dense)) continue
        rows[used] = feature
        used += 1
      }
      for (const feature of hashed) {
        const place = places.get(feature)
        if (place === undefined || used >= rows.length || chance.percent(leftOut.hashed)) continue
        rows[used] = denseFeatures + place
        used += 1
      }
      loss += learn({ weights, squares, signs, bias }, rows.subarray(0, used), labels)
    }
    say(`pass ${pass + 1}: loss ${(loss / examples.length).toFixed(4)} a text`)
  }
  // In use nothing is left out.
  const keptOf = (place: number, left: number) =>
    weights.slice(place * kindCount, (place + 1) * kindCount).map((weight) => weight * (1 - left / 100))
  const hashed = new Map<number, Float64Array>()
  for (const [feature, place] of places) hashed.set(feature, keptOf(denseFeatures + place, leftOut.hashed))
  const dense = weights.slice(0, denseFeatures * kindCount).map((weight) => weight * (1 - leftOut.dense / 100))
  return { dense, hashed, bias: keptOf(bias, 0) }
}

function placesOf(examples: readonly Example[], fewest: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const { hashed } of examples) {
    for (const feature of new Set(hashed)) counts.set(feature, (counts.get(feature) ?? 0) + 1)
  }
  const places = new Map<number, number>()
  for (const [feature, count] of counts) if (count >= fewest) places.set(feature, places.size)
  return places
}

interface Learner {
  readonly weights: Float64Array
  readonly squares: Float64Array
  /** Of weights of classes, as `signsOfWeights` has them. */
  readonly signs: Int8Array
  readonly bias: number
}

/** One step by one text; its loss. */
function learn({ weights, squares, signs, bias }: Learner, rows: Int32Array, labels: Uint8Array): number {
  let loss = 0
  for (let kind = 0; kind < kindCount; kind += 1) {
    let sum = 0
    for (const row of rows) sum += weights[row * kindCount + kind] as number
    const probability = 1 / (1 + Math.exp(-sum))
    const label = labels[kind] as number
    loss -= Math.log(Math.max(1e-12, label === 1 ? probability : 1 - probability))
    const error = label - probability
    if (Math.abs(error) < 1e-4) continue
    for (const row of rows) {
      const at = row * kindCount + kind
      const weight = weights[at] as number
      const isDense = row < denseFeatures
      const sign = isDense ? (signs[at] as number) : 0
      if (isDense && sign === 0) continue
      const gradient =
        error -
        (row === bias
          ? 0
          : weight * (isDense ? (row < levelFeatures ? shrinking.dense : shrinking.pair) : shrinking.hashed))
      const square = (squares[at] as number) + gradient * gradient
      squares[at] = square
      const moved = weight + (rate * gradient) / Math.sqrt(square)
      weights[at] = sign * moved < 0 ? 0 : moved
    }
  }
  return loss
}
