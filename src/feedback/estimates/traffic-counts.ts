import { binCount } from './score-bins.ts'
import type { ScoreSums, StratumSums } from './stratum-sums.ts'

/** Estimated decisions by the bin of a threshold. */
export interface TrafficCounts {
  readonly falseBlocks: Float64Array
  readonly missed: Float64Array
  readonly harmful: Float64Array
}

/** The point estimates of every threshold in one pass, without an object for each: what resampling does hundreds of times. */
export function trafficCounts(strata: readonly StratumSums[]): TrafficCounts {
  const counts = {
    falseBlocks: new Float64Array(binCount),
    missed: new Float64Array(binCount),
    harmful: new Float64Array(binCount),
  }
  const bounded = strata.flatMap(({ bounds }) => bounds ?? [])
  for (let bin = 0; bin < binCount; bin += 1) {
    let [above, aboveAll, unknown, unknownAll, below, belowAll] = [0, 0, 0, 0, 0, 0]
    for (const { whole } of strata) {
      above += from(whole.harmful, bin)
      aboveAll += from(whole.harmless, bin)
      below += until(whole.harmful, bin)
      belowAll += until(whole.harmless, bin)
    }
    for (const bounds of bounded) {
      above += from(bounds.harmful, bin)
      aboveAll += from(bounds.harmless, bin)
      unknown += until(bounds.harmful, bin)
      unknownAll += until(bounds.harmless, bin)
    }
    const [pooledAbove, pooledBelow] = [shareOf(above, aboveAll, 0), shareOf(below, belowAll, 0)]
    const pooledUnknown = shareOf(unknown, unknownAll, 0)
    let [falseBlocks, missed, harmful] = [0, 0, 0]
    for (const { whole, bounds } of strata) {
      let acting = drawnFrom(whole, bin)
      let [actingHarmful, actingHarmless] = [from(whole.harmful, bin), from(whole.harmless, bin)]
      if (bounds !== null) {
        acting += drawnFrom(bounds, bin)
        actingHarmful += from(bounds.harmful, bin)
        actingHarmless += from(bounds.harmless, bin)
        const doubtful = drawnFrom(bounds, 0) - drawnFrom(bounds, bin)
        const bad = doubtful * shareOf(until(bounds.harmful, bin), until(bounds.harmless, bin), pooledUnknown)
        falseBlocks += doubtful - bad + from(bounds.knownHarmless, 0)
        missed += bad + until(bounds.knownHarmful, bin)
        harmful += bad + from(bounds.knownHarmful, 0)
      }
      const found = acting * shareOf(actingHarmful, actingHarmless, pooledAbove)
      const passing = drawnFrom(whole, 0) - drawnFrom(whole, bin)
      const lost = passing * shareOf(until(whole.harmful, bin), until(whole.harmless, bin), pooledBelow)
      falseBlocks += acting - found + from(whole.knownHarmless, bin)
      missed += lost + until(whole.knownHarmful, bin)
      harmful += found + lost + from(whole.knownHarmful, 0)
    }
    counts.falseBlocks[bin] = falseBlocks
    counts.missed[bin] = missed
    counts.harmful[bin] = harmful
  }
  return counts
}

const from = (sums: Float64Array, bin: number): number => sums[bin] ?? 0

const until = (sums: Float64Array, bin: number): number => (sums[0] ?? 0) - (sums[bin] ?? 0)

/** Decisions that drawn labels speak for, from a bin up. */
const drawnFrom = ({ decisions, knownHarmful, knownHarmless }: ScoreSums, bin: number): number =>
  Math.max(0, from(decisions, bin) - from(knownHarmful, bin) - from(knownHarmless, bin))

const shareOf = (harmful: number, harmless: number, otherwise: number): number =>
  harmful + harmless > 0 ? harmful / (harmful + harmless) : otherwise
