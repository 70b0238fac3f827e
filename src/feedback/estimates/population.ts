import { strata, type ScorePage, type Stratum } from '../../core/recorded-decisions.ts'
import { binCount, binOf, requireScored } from './score-bins.ts'

/** Decisions of one stratum by the bin of their score, each counted as often as it stands for others. */
export interface StratumBins {
  /** Scores that all detectors had a say in. */
  readonly whole: Float64Array
  /** Scores that are lower bounds, since a detector was left out. */
  readonly bounds: Float64Array
  /** Variances of how many there are by these bins, of both, where only a sample was recorded. */
  readonly variances: Float64Array
}

/** What was recorded of a place, as counts. */
export interface Population {
  readonly bins: Readonly<Record<Stratum, StratumBins>>
  /** Rows that were read and counted. */
  readonly recorded: number
  /** Decisions that these stand for. */
  readonly decisions: number
  /** Those of them in which the rule acted when they were made. */
  readonly acted: number
  /** Variance of `acted`, where only a sample was recorded. */
  readonly actedVariance: number
  /** Rows of other detectors, which are in no count: their scores say nothing of these. */
  readonly others: number
}

/** Counts pages of decisions, in 100 KB however many there are. Decisions of other detectors are counted apart. */
export class PopulationCounter {
  readonly #detectors: string
  readonly #bins = Object.fromEntries(strata.map((stratum) => [stratum, emptyBins()])) as Record<Stratum, StratumBins>
  #recorded = 0
  #decisions = 0
  #acted = 0
  #actedVariance = 0
  #others = 0

  /** `detectors`: those in force, `name@version …`. */
  constructor(detectors: string) {
    this.#detectors = detectors
  }

  add(page: ScorePage): void {
    const { scores, weights, acted, bounds, detectors, strata: of } = page
    for (let row = 0; row < scores.length; row += 1) {
      if (detectors[row] !== this.#detectors) {
        this.#others += 1
        continue
      }
      const stratum = of[row]
      if (stratum === undefined) continue
      const [score, weight] = [scores[row] ?? Number.NaN, weights[row] ?? Number.NaN]
      requireScored(score, weight)
      const bins = this.#bins[stratum]
      const counted = bounds[row] === 1 ? bins.bounds : bins.whole
      const bin = binOf(score)
      counted[bin] = (counted[bin] ?? 0) + weight
      this.#recorded += 1
      this.#decisions += weight
      // The variance of a count of decisions, each of which was recorded with a chance of 1 / weight.
      bins.variances[bin] = (bins.variances[bin] ?? 0) + weight * (weight - 1)
      if (acted[row] !== 1) continue
      this.#acted += weight
      this.#actedVariance += weight * (weight - 1)
    }
  }

  population(): Population {
    return {
      bins: this.#bins,
      recorded: this.#recorded,
      decisions: this.#decisions,
      acted: this.#acted,
      actedVariance: this.#actedVariance,
      others: this.#others,
    }
  }
}

const emptyBins = (): StratumBins => ({
  whole: new Float64Array(binCount),
  bounds: new Float64Array(binCount),
  variances: new Float64Array(binCount),
})

/** Reads all pages. `detectors`: those in force, `name@version …`. */
export async function readPopulation(pages: AsyncIterable<ScorePage>, detectors: string): Promise<Population> {
  const counter = new PopulationCounter(detectors)
  for await (const page of pages) counter.add(page)
  return counter.population()
}

/** Is anything recorded of what passes? Without it nobody knows of how many decisions those that were acted on are. */
export const holdsPassed = ({ bins }: Population): boolean => bins.passed.whole.some((decisions) => decisions > 0)
