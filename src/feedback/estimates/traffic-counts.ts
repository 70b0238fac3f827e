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
  for (let bin = 0; bin < binCount; bin += 1) {
    let [above, aboveAll, unknown, unknownAll, below, belowAll] = [0, 0, 0, 0, 0, 0]
    for (const { whole, bounds } of strata) {
      above += from(whole.harmful, bin) + from(bounds.harmful, bin)
      aboveAll += from(whole.harmless, bin) + from(bounds.harmless, bin)
      unknown += until(bounds.harmful, bin)
      unknownAll += until(bounds.harmless, bin)
      below += until(whole.harmful, bin)
      belowAll += until(whole.harmless, bin)
    }
    const pooled = {
      above: shareOf(above, aboveAll, 0),
      unknown: shareOf(unknown, unknownAll, 0),
      below: shareOf(below, belowAll, 0),
    }
    let [falseBlocks, missed, harmful] = [0, 0, 0]
    for (const { whole, bounds } of strata) {
      const acting = drawnFrom(whole, bin) + drawnFrom(bounds, bin)
      const actingShare = shareOf(
        from(whole.harmful, bin) + from(bounds.harmful, bin),
        from(whole.harmless, bin) + from(bounds.harmless, bin),
        pooled.above,
      )
      const doubtful = drawnFrom(bounds, 0) - drawnFrom(bounds, bin)
      const doubtfulShare = shareOf(until(bounds.harmful, bin), until(bounds.harmless, bin), pooled.unknown)
      const passing = drawnFrom(whole, 0) - drawnFrom(whole, bin)
      const passingShare = shareOf(until(whole.harmful, bin), until(whole.harmless, bin), pooled.below)
      const found = acting * actingShare + from(whole.knownHarmful, bin) + from(bounds.knownHarmful, bin)
      const lost =
        doubtful * doubtfulShare +
        until(bounds.knownHarmful, bin) +
        passing * passingShare +
        until(whole.knownHarmful, bin)
      falseBlocks +=
        acting * (1 - actingShare) +
        from(whole.knownHarmless, bin) +
        from(bounds.knownHarmless, 0) +
        doubtful * (1 - doubtfulShare)
      missed += lost
      harmful += found + lost
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
