import type { LabelledScore } from '../../core/tuning.ts'
import { binCount, binOf } from './score-bins.ts'

/** Labels of one stratum by the bin of their score, by the decisions that each was recorded for. */
export interface LabelBins {
  readonly harmful: Float64Array
  readonly harmless: Float64Array
  /** Squares of the weights of both: from them follows how many labels of equal weight they are worth. */
  readonly squares: Float64Array
}

/** Of scores that all detectors had a say in, and of lower bounds; absent where there is no label. */
interface KindsOfLabels {
  whole?: LabelBins
  bounds?: LabelBins
}

/** Labels of decisions that were drawn, which speak for others, and of those that somebody pointed at, which do not. */
export interface StratumLabels {
  readonly drawn: KindsOfLabels
  readonly pointedAt: KindsOfLabels
}

const emptyBins = (): LabelBins => ({
  harmful: new Float64Array(binCount),
  harmless: new Float64Array(binCount),
  squares: new Float64Array(binCount),
})

/** Counts labels by stratum. */
export function labelBinsOf(items: Iterable<LabelledScore>): ReadonlyMap<string, StratumLabels> {
  const byStratum = new Map<string, StratumLabels>()
  for (const { stratum, source, isBound, score, truth, weight } of items) {
    const labels = byStratum.get(stratum) ?? { drawn: {}, pointedAt: {} }
    byStratum.set(stratum, labels)
    const kind = source === 'audit' ? labels.drawn : labels.pointedAt
    const bins = isBound ? (kind.bounds ??= emptyBins()) : (kind.whole ??= emptyBins())
    const bin = binOf(score)
    bins[truth][bin] = (bins[truth][bin] ?? 0) + weight
    bins.squares[bin] = (bins.squares[bin] ?? 0) + weight * weight
  }
  return byStratum
}
