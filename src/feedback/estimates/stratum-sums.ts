import type { Stratum } from '../../core/recorded-decisions.ts'
import type { LabelBins, StratumLabels } from './label-bins.ts'
import type { Population } from './population.ts'
import { binCount } from './score-bins.ts'
import { suffixesOf } from './suffixes.ts'

/** Of decisions of one stratum, by bin what is in it and in all above it. */
export interface ScoreSums {
  readonly decisions: Float64Array
  /** Variance of how many these are, where only a sample was recorded. */
  readonly variances: Float64Array
  /** Weights of drawn labels, and the sum of their squares. */
  readonly harmful: Float64Array
  readonly harmless: Float64Array
  readonly squares: Float64Array
  /** Weights of labels that somebody pointed at: decisions that are known one by one. */
  readonly knownHarmful: Float64Array
  readonly knownHarmless: Float64Array
}

export interface StratumSums {
  /** Of scores that all detectors had a say in. */
  readonly whole: ScoreSums
  /** Of scores that are lower bounds. */
  readonly bounds: ScoreSums
}

const none = new Float64Array(binCount + 1)

export function stratumSums(population: Population, stratum: Stratum, labels: StratumLabels | undefined): StratumSums {
  const { whole, bounds, variances } = population.bins[stratum]
  const of = (kind: 'whole' | 'bounds', bins: Float64Array, spread: Float64Array): ScoreSums => {
    const known = sumsOf(labels?.pointedAt[kind])
    const decisions = suffixesOf(bins)
    return {
      decisions,
      variances: spread,
      ...sumsOf(labels?.drawn[kind]),
      knownHarmful: known.harmful,
      knownHarmless: known.harmless,
    }
  }
  // Lower bounds are of what was withheld, all of which is recorded.
  return { whole: of('whole', whole, suffixesOf(variances)), bounds: of('bounds', bounds, none) }
}

const sumsOf = (bins: LabelBins | undefined): LabelBins =>
  bins === undefined
    ? { harmful: none, harmless: none, squares: none }
    : { harmful: suffixesOf(bins.harmful), harmless: suffixesOf(bins.harmless), squares: suffixesOf(bins.squares) }
