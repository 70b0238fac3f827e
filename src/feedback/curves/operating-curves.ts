import type { LabelledScore } from '../../core/tuning.ts'
import { fileCurve } from '../estimates/file-curve.ts'
import { holdsPassed, PopulationCounter, type Population } from '../estimates/population.ts'
import { binOf, binOfThreshold, highestBin } from '../estimates/score-bins.ts'
import { trafficCurve } from '../estimates/traffic-curve.ts'
import { isOfFile, refuseFew, refuseRates } from '../proposals/check-set.ts'
import type { ProposalRefusal } from '../proposals/refusals.ts'
import type { ThresholdLimit } from '../rollouts/threshold-limits.ts'
import { operatingPoint, type Knowledge, type OperatingPoint } from './operating-point.ts'

export interface OperatingCurvesOptions {
  /** Labels of one place: those that hold now, or of a set. */
  readonly items: readonly LabelledScore[]
  /** What was recorded of the place; null where nothing was read, since texts of a file stand for no traffic. */
  readonly population: Population | null
  readonly inForce: {
    readonly threshold: number
    /** `name@version …`, as decisions are recorded with. */
    readonly detectors: string
  }
  readonly limits: ThresholdLimit
  /** Thousandths from one threshold to the next. */
  readonly step: number
}

/** ROC and PR of one place, a point for each threshold, the lowest first. */
export interface OperatingCurves {
  /** What rates are of: of traffic, estimated from labels, or of the texts of a file alone. */
  readonly of: 'traffic' | 'texts'
  /** Decisions that the recorded ones stand for, or the texts; those that were recorded, and those of other detectors. */
  readonly decisions: number
  readonly recorded: number
  readonly others: number
  readonly labels: { readonly harmful: number; readonly harmless: number; readonly drawn: number }
  /** Why rates are not known, all or some of them, and what would help; null where enough is labelled. */
  readonly missing: ProposalRefusal | null
  readonly points: readonly OperatingPoint[]
}

/**
 * What every threshold comes to, in steps of one threshold each: between two of them other work has its turn. The thresholds are
 * the multiples of `step`, the one in force and both limits.
 */
export function* operatingCurves(options: OperatingCurvesOptions): Generator<void, OperatingCurves> {
  const { items, inForce, limits, step } = options
  const population = options.population ?? new PopulationCounter(inForce.detectors).population()
  const isFile = isOfFile(items)
  const broken = refuseRates({ items, detectors: inForce.detectors, population })
  const few = refuseFew(items)
  const harmful = items.filter(({ truth }) => truth === 'harmful').length
  const knowledge: Knowledge = {
    ofTraffic: isFile || holdsPassed(population),
    ofTruth: broken === null,
    harmful,
    harmless: items.length - harmful,
  }
  // What cannot be counted says nothing of traffic, which is known without it.
  const counted = broken === null ? items : []
  const curve = isFile ? fileCurve(counted) : trafficCurve(population, counted)
  const points: OperatingPoint[] = []
  for (const bin of binsOf(inForce.threshold, limits, step)) {
    yield
    points.push(operatingPoint(curve.at(bin), curve, { items: counted, knowledge }))
  }
  return {
    of: isFile ? 'texts' : 'traffic',
    decisions: isFile ? items.length : population.decisions,
    recorded: population.recorded,
    others: population.others,
    labels: {
      harmful,
      harmless: items.length - harmful,
      drawn: items.filter(({ source }) => source === 'audit').length,
    },
    missing: items.length === 0 ? few : (broken ?? few),
    points,
  }
}

function binsOf(inForce: number, { lowest, highest }: ThresholdLimit, step: number): readonly number[] {
  const bins = new Set([binOfThreshold(inForce), binOfThreshold(lowest), binOf(highest), highestBin])
  for (let bin = 0; bin < highestBin; bin += step) bins.add(bin)
  return [...bins].toSorted((one, other) => one - other)
}
