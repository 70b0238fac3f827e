import type { EvaluationSet } from '../../core/tuning.ts'
import type { Amount } from '../estimates/intervals.ts'
import type { Curve, Rates } from '../estimates/curve.ts'
import { fileCurve } from '../estimates/file-curve.ts'
import type { Population } from '../estimates/population.ts'
import { binOf, binOfThreshold, thresholdOfBin } from '../estimates/score-bins.ts'
import { trafficCurves } from '../estimates/traffic-curve.ts'
import type { ThresholdLimit } from '../rollouts/threshold-limits.ts'
import { checkAim, type Aim } from './aim.ts'
import { examplesBetween, type BoundaryExample } from './boundary.ts'
import { chooseByCosts } from './choose-by-costs.ts'
import { chooseByRate } from './choose-by-rate.ts'
import { isOfFile, refuseSet } from './check-set.ts'
import { loudestCaller, type LoudestCaller } from './loudest.ts'
import { refusal, type ProposalRefusal } from './refusals.ts'

export interface ProposeOptions {
  readonly set: Pick<EvaluationSet, 'name' | 'version' | 'digest' | 'place' | 'items'>
  /** What was recorded of the place, of the days that were labelled; null where nothing was, or the set is of a file. */
  readonly population: Population | null
  readonly inForce: {
    readonly threshold: number
    /** `name@version …`, as decisions are recorded with. */
    readonly detectors: string
  }
  readonly limits: ThresholdLimit
  readonly aim: Aim
}

/** A threshold, what it would come to, and what the one in force comes to. */
export interface ProposedThreshold {
  readonly kind: 'proposed'
  readonly from: number
  readonly to: number
  /** Where the best threshold lies, 95 %. */
  readonly interval: { readonly low: number; readonly high: number }
  readonly before: Rates
  readonly after: Rates
  /** What the aim's costs come to in a thousand decisions, before and after; null where it has none. */
  readonly costs: { readonly before: Amount; readonly after: Amount } | null
  readonly aim: Aim
  readonly limits: ThresholdLimit
  /** The limit that the threshold was held by; null where none did. */
  readonly heldBy: 'lowest' | 'highest' | null
  readonly labels: { readonly harmful: number; readonly harmless: number }
  /** Of the labelled decisions that the threshold in force acts on wrongly. */
  readonly loudest: LoudestCaller | null
  /** Labelled decisions on which only one of the two thresholds acts, and others nearest to the new one. */
  readonly examples: readonly BoundaryExample[]
}

/**
 * A threshold for a place out of labels and what was recorded, or why there is none. Nothing is read but what is given: the
 * same set, population and aim give the same threshold. Throws `invalid-request` for an aim or limits that mean nothing.
 */
export function propose(options: ProposeOptions): ProposedThreshold | ProposalRefusal {
  const steps = proposeInSteps(options)
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value
}

/** The same in steps, each of one threshold or one sample of the labels: between two of them other work has its turn. */
export function* proposeInSteps(options: ProposeOptions): Generator<void, ProposedThreshold | ProposalRefusal> {
  const { set, population, inForce, limits, aim } = options
  checkAim(aim, limits)
  const refused = refuseSet({ set, detectors: inForce.detectors, population })
  if (refused !== null) return refused
  const curveOf = isOfFile(set.items) || population === null ? fileCurve : trafficCurves(population)
  const curve = curveOf(set.items)
  const from = binOfThreshold(inForce.threshold)
  const bounds = { curve, from, lowest: binOfThreshold(limits.lowest), highest: binOf(limits.highest) }
  const chosen =
    aim.kind === 'costs'
      ? yield* chooseByCosts({ ...bounds, aim, items: set.items, curveOf })
      : yield* chooseByRate({ ...bounds, aim })
  if (chosen.kind === 'refused') {
    // What is not known counts as acted on at every threshold, so that none may be in reach for that alone.
    return (chosen.reason === 'out-of-reach' ? refuseUnknown(curve.at(bounds.highest)) : null) ?? chosen
  }
  const [before, after] = [curve.at(from), curve.at(chosen.bin)]
  if (chosen.bin === from) {
    return refusal(
      'unchanged',
      `The threshold in force, ${inForce.threshold}, is the one that would be proposed.`,
      'Leave it, or aim at something else.',
    )
  }
  const unknown = refuseUnknown(after)
  if (unknown !== null) return unknown
  return {
    kind: 'proposed',
    from: inForce.threshold,
    to: thresholdOfBin(chosen.bin),
    interval: { low: thresholdOfBin(chosen.low), high: thresholdOfBin(chosen.high) },
    before,
    after,
    costs: aim.kind === 'costs' ? { before: costOf(before, curve, aim), after: costOf(after, curve, aim) } : null,
    aim,
    limits,
    heldBy: chosen.heldBy,
    labels: {
      harmful: set.items.filter(({ truth }) => truth === 'harmful').length,
      harmless: set.items.filter(({ truth }) => truth === 'harmless').length,
    },
    loudest: loudestCaller(set.items, inForce.threshold),
    examples: examplesBetween(set.items, inForce.threshold, thresholdOfBin(chosen.bin)),
  }
}

/** Nothing is proposed where more decisions than this share have a score of which only a lower bound, below the threshold, is known. */
const mostUnknown = 0.05

function refuseUnknown({ unknown, threshold }: Rates): ProposalRefusal | null {
  if (unknown <= mostUnknown) return null
  return refusal(
    'lower-bounds',
    `Of ${(unknown * 100).toFixed(1)} % of the decisions only a lower bound of the score is known, so that nobody can say what a threshold of ${threshold} would do.`,
    'Record decisions of a time in which the rules that settle them first are in shadow, or propose for those rules.',
  )
}

/** Of a thousand decisions. False blocks and misses are of different decisions, so both ends are reached at once at worst. */
function costOf({ falseBlocks, missed }: Rates, { decisions }: Curve, aim: Aim & { readonly kind: 'costs' }): Amount {
  const of = (end: 'value' | 'low' | 'high') =>
    ((falseBlocks[end] * aim.falseBlock + missed[end] * aim.miss) * 1_000) / decisions
  return { value: of('value'), low: of('low'), high: of('high') }
}
