import { ninetyFivePercent, oneSided } from '../estimates/intervals.ts'
import { thresholdOfBin } from '../estimates/score-bins.ts'
import type { Aim } from './aim.ts'
import type { ChooseOptions, Chosen } from './chosen.ts'
import { refusal, type ProposalRefusal } from './refusals.ts'

interface ByRate extends ChooseOptions {
  readonly aim: Aim & { readonly kind: 'false-positive-rate' }
}

/**
 * A threshold that acts on no more of the harmless decisions than is aimed at, and loses least recall for it.
 *
 * Thresholds are tried from the highest down until the first whose upper bound of the rate is too high. Since a lower threshold
 * never acts on less, that the true rate of the last one is too high happens no more often than the bound of a single one is
 * wrong (fixed-sequence testing, as in "Learn then Test", Angelopoulos et al., 2021), although as many as a thousand are tried.
 * A threshold is raised only where the one in force is estimated to do worse than is aimed at, not because little is known of
 * it; and lowered only as far as labels say that something harmful is found by it. A step is one threshold.
 */
export function* chooseByRate({
  curve,
  from,
  lowest,
  highest,
  aim,
}: ByRate): Generator<void, Chosen | ProposalRefusal> {
  const { most, confidence = 0.95, mostRecallLost = 1 } = aim
  const bound = oneSided[confidence]
  const rateAt = (bin: number) => curve.at(bin, bound).falsePositives
  let least = highest + 1
  while (least > lowest && rateAt(least - 1).high <= most) {
    least -= 1
    yield
  }
  if (least > highest) {
    const { rate, high } = rateAt(highest)
    return refusal(
      'out-of-reach',
      `At the highest threshold that the limits allow, ${thresholdOfBin(highest)}, an estimated ${percent(rate)} of harmless decisions are acted on (at most ${percent(high)}), which is not known to be within ${percent(most)}.`,
      'Label more decisions that were withheld or changed, aim at a higher rate, or raise the highest threshold of feedback.limits.',
    )
  }
  const isMet = from >= least && from <= highest
  const isWithin = from >= lowest && from <= highest
  const inForce = curve.at(from, bound).falsePositives
  if (!isMet && isWithin && inForce.rate <= most) {
    return refusal(
      'undecided',
      `The threshold in force, ${thresholdOfBin(from)}, is estimated to act on ${percent(inForce.rate)} of harmless decisions, within ${percent(most)}, but ${percent(inForce.high)} cannot be ruled out.`,
      'Label more decisions that were withheld or changed: a threshold is not raised because little is known.',
    )
  }
  const bin = isMet ? strictest(curve, { least, from }) : least
  const lost = (curve.countsAt(bin).missed - curve.countsAt(from).missed) / curve.countsAt(from).harmful
  if (lost > mostRecallLost) {
    return refusal(
      'too-much-missed',
      `A threshold of ${thresholdOfBin(bin)} would come to the rate, but lose an estimated ${percent(lost)} of recall, where ${percent(mostRecallLost)} may be lost.`,
      'Aim at a higher rate or let more recall go; where scores do not tell the two sorts apart, no threshold does.',
    )
  }
  const { low, high } = yield* intervalOf({ curve, lowest, highest, most })
  return {
    kind: 'chosen',
    bin,
    low: Math.min(low, bin),
    high: Math.max(high, bin),
    heldBy: bin === lowest && !isMet ? 'lowest' : null,
  }
}

/** The highest threshold up to the one in force at which as little is missed as at the lowest that is allowed. */
function strictest(
  curve: ChooseOptions['curve'],
  { least, from }: { readonly least: number; readonly from: number },
): number {
  const fewest = curve.countsAt(least).missed
  let bin = from
  while (bin > least && curve.countsAt(bin).missed > fewest) bin -= 1
  return bin
}

/**
 * Where the threshold lies whose true rate is the one aimed at, 95 %: all of which the interval of the rate holds it, and what
 * is between them (a test inverted).
 */
function* intervalOf({
  curve,
  lowest,
  highest,
  most,
}: Omit<ChooseOptions, 'from'> & { readonly most: number }): Generator<void, { low: number; high: number }> {
  let [low, high] = [highest, lowest]
  for (let bin = lowest; bin <= highest; bin += 1) {
    yield
    const { falsePositives } = curve.at(bin, ninetyFivePercent)
    if (falsePositives.low <= most) low = Math.min(low, bin)
    if (falsePositives.high > most) high = Math.max(high, Math.min(highest, bin + 1))
  }
  return { low, high }
}

const percent = (share: number): string =>
  Number.isNaN(share) ? 'an unknown share' : `${Number((share * 100).toFixed(2))} %`
