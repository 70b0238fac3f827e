import type { LabelledScore } from '../../core/tuning.ts'
import type { Curve, Rates } from './curve.ts'
import { actedRate } from './acted-rate.ts'
import { rememberedIntervals, type exactInterval } from './exact-interval.ts'
import {
  ninetyFivePercent,
  shareOf,
  sumOf,
  unknownEstimate,
  type Amount,
  type Estimate,
  type Sureness,
} from './intervals.ts'
import { labelBinsOf } from './label-bins.ts'
import type { Population } from './population.ts'
import { binCount, binOfThreshold, thresholdOfBin } from './score-bins.ts'
import { stratumSums, type ScoreSums, type StratumSums } from './stratum-sums.ts'
import { trafficCounts, type TrafficCounts } from './traffic-counts.ts'

/** On which side of a threshold a decision lies. `unknown`: its score is a lower bound that lies below. */
const sides = ['above', 'unknown', 'below'] as const
type Side = (typeof sides)[number]

/** Decisions of one stratum on one side of a threshold, and what labels say of them. */
interface Cell {
  /** Decisions that the drawn labels speak for. */
  readonly decisions: number
  /** Variance of how many these are, where only a sample was recorded. */
  readonly variance: number
  /** Weights of drawn labels, and the sum of their squares. */
  readonly harmful: number
  readonly harmless: number
  readonly squares: number
  /** Decisions that are known one by one, since somebody pointed at them: these speak for no other. */
  readonly knownHarmful: number
  readonly knownHarmless: number
}

const emptyCell: Cell = {
  decisions: 0,
  variance: 0,
  harmful: 0,
  harmless: 0,
  squares: 0,
  knownHarmful: 0,
  knownHarmless: 0,
}

/**
 * Rates of traffic, out of everything that was recorded and the labels of some of it. What the rule would do is known of each
 * recorded decision, so that only what is harmful is estimated: apart for each stratum on each side of the threshold, of which
 * labels were drawn evenly (post-stratification), and then put together by how many decisions each stands for. Labels of
 * complaints are of decisions that somebody has chosen: each counts for itself and for nothing else, however many there are.
 */
export const trafficCurve = (population: Population, labels: readonly LabelledScore[]): Curve =>
  trafficCurves(population)(labels)

/** The same for any labels of one population, which is taken together once. */
export function trafficCurves(population: Population): (labels: readonly LabelledScore[]) => Curve {
  const sumsFor = stratumSums(population)
  return (labels) => curveOf(sumsFor(labelBinsOf(labels)), population)
}

function curveOf(sums: readonly StratumSums[], { decisions }: Population): Curve {
  const variances = sums.map(({ whole }) => whole.variances)
  const intervalOf = rememberedIntervals()
  let counts: TrafficCounts | null = null
  return {
    decisions,
    at(bin, sureness = ninetyFivePercent) {
      const variance = { all: sumAt(variances, 0), above: sumAt(variances, bin) }
      return ratesOf({ cells: sums.map((each) => sidesOf(each, bin)), bin, decisions, variance, sureness, intervalOf })
    },
    countsAt(bin) {
      counts ??= trafficCounts(sums)
      return {
        falseBlocks: counts.falseBlocks[bin] ?? 0,
        missed: counts.missed[bin] ?? 0,
        harmful: counts.harmful[bin] ?? 0,
      }
    },
  }
}

const end = binCount

function sidesOf({ whole, bounds }: StratumSums, bin: number): Sides {
  if (bounds === null) return { above: between(whole, bin, end), unknown: emptyCell, below: between(whole, 0, bin) }
  return {
    above: together(between(whole, bin, end), between(bounds, bin, end)),
    unknown: between(bounds, 0, bin),
    below: between(whole, 0, bin),
  }
}

/** From one bin up to another. */
function between(sums: ScoreSums, low: number, high: number): Cell {
  const of = (suffixes: Float64Array) => (suffixes[low] ?? 0) - (suffixes[high] ?? 0)
  const [knownHarmful, knownHarmless] = [of(sums.knownHarmful), of(sums.knownHarmless)]
  return {
    decisions: Math.max(0, of(sums.decisions) - knownHarmful - knownHarmless),
    variance: of(sums.variances),
    harmful: of(sums.harmful),
    harmless: of(sums.harmless),
    squares: of(sums.squares),
    knownHarmful,
    knownHarmless,
  }
}

const together = (one: Cell, other: Cell): Cell => ({
  decisions: one.decisions + other.decisions,
  variance: one.variance + other.variance,
  harmful: one.harmful + other.harmful,
  harmless: one.harmless + other.harmless,
  squares: one.squares + other.squares,
  knownHarmful: one.knownHarmful + other.knownHarmful,
  knownHarmless: one.knownHarmless + other.knownHarmless,
})

type Sides = Readonly<Record<Side, Cell>>

/**
 * Which share is harmful on each side in all strata taken together: what is taken of a stratum without a label there. Null
 * where no stratum has one.
 */
function pooledTruth(cells: readonly Sides[]): Readonly<Record<Side, number | null>> {
  const of = (side: Side) => {
    const { harmful, harmless } = cells.reduce((sum, each) => together(sum, each[side]), emptyCell)
    return harmful + harmless > 0 ? harmful / (harmful + harmless) : null
  }
  return { above: of('above'), unknown: of('unknown'), below: of('below') }
}

/** Share of a cell that is harmful. Where nothing at all is known of it, none: what acts there counts as wrong. */
const shareIn = ({ harmful, harmless }: Cell, pooled: number | null): number =>
  harmful + harmless > 0 ? harmful / (harmful + harmless) : (pooled ?? 0)

const sizeOf = ({ decisions, knownHarmful, knownHarmless }: Cell): number => decisions + knownHarmful + knownHarmless

interface RatesOptions {
  readonly cells: readonly Sides[]
  readonly bin: number
  readonly decisions: number
  /** Of all decisions, and of those that reach the threshold, where only samples were recorded. */
  readonly variance: { readonly all: number; readonly above: number }
  readonly sureness: Sureness
  readonly intervalOf: typeof exactInterval
}

function ratesOf({ cells, bin, decisions, variance, sureness, intervalOf }: RatesOptions): Rates {
  const truth = pooledTruth(cells)
  const amounts = (side: Side) => cells.map((each) => amountsOf(each[side], truth[side], { sureness, intervalOf }))
  const [above, unknown, below] = [amounts('above'), amounts('unknown'), amounts('below')]
  const sum = (of: 'harmful' | 'harmless', ...lists: (typeof above)[]) => sumOf(lists.flat().map((each) => each[of]))
  const falseBlocks = sum('harmless', above, unknown)
  const missed = sum('harmful', below, unknown)
  const wrong = sum('harmless', above)
  const [found, letPass] = [sum('harmful', above), sum('harmless', below)]
  const size = (side: Side) => cells.reduce((total, each) => total + sizeOf(each[side]), 0)
  const [acting, doubtful] = [size('above'), size('unknown')]
  return {
    threshold: thresholdOfBin(bin),
    acted: actedRate({ acting, decisions, variance }, sureness),
    falsePositives: shareOf(falseBlocks, letPass),
    misses: shareOf(missed, found),
    wrongActions: acting > 0 ? scaled(wrong, acting) : unknownEstimate,
    falseBlocks,
    missed,
    found,
    letPass,
    unknown: decisions > 0 ? doubtful / decisions : 0,
  }
}

const sumAt = (suffixes: readonly Float64Array[], bin: number): number =>
  suffixes.reduce((sum, each) => sum + (each[bin] ?? 0), 0)

/** Harmful and harmless decisions of a cell: how many it has, and which share of them, are estimated apart from each other. */
function amountsOf(
  cell: Cell,
  pooled: number | null,
  { sureness, intervalOf }: Pick<RatesOptions, 'sureness' | 'intervalOf'>,
): { harmful: Amount; harmless: Amount } {
  const { decisions, variance, harmful, harmless, squares, knownHarmful, knownHarmless } = cell
  const weight = harmful + harmless
  // Labels of unequal weights are worth as many as Kish's effective size says.
  const worth = squares > 0 ? (weight * weight) / squares : 0
  const share = shareIn(cell, pooled)
  const { low, high } = intervalOf(share * worth, worth, sureness.tail)
  const spread = sureness.z * Math.sqrt(variance)
  const amount = (known: number, rate: number, least: number, most: number): Amount => ({
    value: known + decisions * rate,
    low: known + Math.max(0, decisions * rate - Math.hypot(decisions * (rate - least), spread * rate)),
    high: known + decisions * rate + Math.hypot(decisions * (most - rate), spread * rate),
  })
  return {
    harmful: amount(knownHarmful, share, low, high),
    harmless: amount(knownHarmless, 1 - share, 1 - high, 1 - low),
  }
}

const scaled = ({ value, low, high }: Amount, by: number): Estimate => ({
  rate: Math.min(1, value / by),
  low: Math.min(1, low / by),
  high: Math.min(1, high / by),
})

/** What comes of a threshold that need not be a multiple of a thousandth: it is read as the next one. */
export const ratesAtThreshold = (curve: Curve, threshold: number, sureness?: Sureness): Rates =>
  curve.at(binOfThreshold(threshold), sureness)
