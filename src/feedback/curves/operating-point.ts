import type { LabelledScore } from '../../core/tuning.ts'
import type { Curve, Rates } from '../estimates/curve.ts'
import { unknownEstimate, type Amount, type Estimate } from '../estimates/intervals.ts'
import { fewestLabels } from '../proposals/check-set.ts'

/**
 * Labelled decisions by what a threshold does to them, as they were counted: no estimate of traffic. `unknown` are those below
 * it of whose score only a lower bound is known.
 */
export interface LabelCounts {
  readonly found: number
  readonly missed: number
  readonly falsePositives: number
  readonly letPass: number
  readonly unknown: number
}

/**
 * What one threshold comes to. A rate or an amount of which labels say too little is NaN, with the interval that it lies in
 * all the same: a number that rests on four labels is none.
 */
export interface OperatingPoint {
  readonly threshold: number
  /** Share of all decisions that the rule acts on: known of what is recorded, without a label. */
  readonly acted: Estimate
  /** The abscissa of ROC: share of the harmless decisions that it acts on. */
  readonly falsePositiveRate: Estimate
  /** The ordinate of ROC and the abscissa of PR: share of the harmful decisions that it acts on. */
  readonly recall: Estimate
  /** The ordinate of PR: share of those that it acts on that are harmful. */
  readonly precision: Estimate
  /** The confusion matrix of a thousand decisions. */
  readonly perThousand: {
    readonly found: Amount
    readonly missed: Amount
    readonly falsePositives: Amount
    readonly letPass: Amount
  }
  readonly labels: LabelCounts
  /** Share of all decisions of which only a lower bound of the score is known, below the threshold. */
  readonly unknown: number
}

/** What of a curve labels can bear out. */
export interface Knowledge {
  /** Is what passes recorded, so that there is a number of all decisions? */
  readonly ofTraffic: boolean
  /** Is there nothing wrong with the labels, and with what they stand for? */
  readonly ofTruth: boolean
  readonly harmful: number
  readonly harmless: number
}

/** A rate whose interval is wider than half of all there is tells nobody anything. */
const widest = 0.5

/** `curve` is read at `bin`; null where nothing was recorded that it could speak of. */
export function operatingPoint(
  rates: Rates,
  { decisions }: Pick<Curve, 'decisions'>,
  { items, knowledge }: { readonly items: readonly LabelledScore[]; readonly knowledge: Knowledge },
): OperatingPoint {
  const { threshold, acted, falsePositives, misses, wrongActions, unknown } = rates
  const { ofTraffic, ofTruth, harmful, harmless } = knowledge
  const labels = countLabels(items, threshold)
  const hasHarmful = ofTruth && harmful >= fewestLabels
  const hasHarmless = ofTruth && harmless >= fewestLabels
  const hasActed = ofTruth && labels.found + labels.falsePositives >= fewestLabels
  const known = {
    falsePositives: ofTraffic && hasHarmless && isTold(falsePositives),
    misses: ofTraffic && hasHarmful && isTold(misses),
  }
  const perThousand = (of: Amount, isKnown: boolean): Amount => {
    if (!ofTruth || !ofTraffic || decisions <= 0) return { value: Number.NaN, low: 0, high: 1_000 }
    const scaled = (value: number) => Math.min(1_000, (value * 1_000) / decisions)
    return { value: isKnown ? scaled(of.value) : Number.NaN, low: scaled(of.low), high: scaled(of.high) }
  }
  return {
    threshold,
    acted: ofTraffic ? acted : unknownEstimate,
    falsePositiveRate: told(falsePositives, known.falsePositives, ofTruth && ofTraffic),
    recall: told(complement(misses), known.misses, ofTruth && ofTraffic),
    precision: told(complement(wrongActions), hasActed && isTold(wrongActions), ofTruth),
    perThousand: {
      found: perThousand(rates.found, known.misses),
      missed: perThousand(rates.missed, known.misses),
      falsePositives: perThousand(rates.falseBlocks, known.falsePositives),
      letPass: perThousand(rates.letPass, known.falsePositives),
    },
    labels,
    unknown: ofTraffic ? unknown : Number.NaN,
  }
}

const isTold = ({ rate, low, high }: Estimate): boolean => Number.isFinite(rate) && high - low <= widest

/** `isBounded`: are at least its bounds worth something? */
const told = ({ rate, low, high }: Estimate, isKnown: boolean, isBounded: boolean): Estimate =>
  isBounded ? { rate: isKnown ? rate : Number.NaN, low, high } : unknownEstimate

const complement = ({ rate, low, high }: Estimate): Estimate => ({ rate: 1 - rate, low: 1 - high, high: 1 - low })

function countLabels(items: readonly LabelledScore[], threshold: number): LabelCounts {
  const counts = { found: 0, missed: 0, falsePositives: 0, letPass: 0, unknown: 0 }
  for (const { score, isBound, truth } of items) {
    if (score >= threshold) counts[truth === 'harmful' ? 'found' : 'falsePositives'] += 1
    else if (isBound) counts.unknown += 1
    else counts[truth === 'harmful' ? 'missed' : 'letPass'] += 1
  }
  return counts
}
