import { strata } from '../../core/recorded-decisions.ts'
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
  /** Of scores that are lower bounds; null where there is none. */
  readonly bounds: ScoreSums | null
}

const none = new Float64Array(binCount + 1)

/** The strata of a population that have decisions, whose sums are then put together with those of any labels. */
export function stratumSums(
  population: Population,
): (labels: ReadonlyMap<string, StratumLabels>) => readonly StratumSums[] {
  const recorded = strata.flatMap((stratum) => {
    const { whole, bounds, variances } = population.bins[stratum]
    const [all, least] = [suffixesOf(whole), suffixesOf(bounds)]
    return (all[0] ?? 0) + (least[0] ?? 0) > 0 ? [{ stratum, all, least, variances: suffixesOf(variances) }] : []
  })
  return (labels) =>
    recorded.map(({ stratum, all, least, variances }) => {
      const { drawn, pointedAt } = labels.get(stratum) ?? { drawn: null, pointedAt: null }
      const of = (kind: 'whole' | 'bounds', decisions: Float64Array, spread: Float64Array): ScoreSums => {
        const known = sumsOf(pointedAt?.[kind])
        return {
          decisions,
          variances: spread,
          ...sumsOf(drawn?.[kind]),
          knownHarmful: known.harmful,
          knownHarmless: known.harmless,
        }
      }
      // Lower bounds are of what was withheld, all of which is recorded.
      return { whole: of('whole', all, variances), bounds: (least[0] ?? 0) > 0 ? of('bounds', least, none) : null }
    })
}

const sumsOf = (bins: LabelBins | undefined): LabelBins =>
  bins === undefined
    ? { harmful: none, harmless: none, squares: none }
    : { harmful: suffixesOf(bins.harmful), harmless: suffixesOf(bins.harmless), squares: suffixesOf(bins.squares) }
