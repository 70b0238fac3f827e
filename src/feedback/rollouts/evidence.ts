/** Something that happened so often in so many trials. */
export interface Hits {
  readonly hits: number
  readonly trials: number
}

/**
 * Evidence that something happens more often than at a rate, as the logarithm of a likelihood ratio against higher rates, in
 * equal parts. However often and whenever one looks, where the rate is as given or lower it reaches log(1/a) with a chance
 * of at most a (J. Ville, 1939; an e-process as in A. Ramdas et al., "Game-theoretic statistics and safe anytime-valid
 * inference", 2023). It goes by totals alone, so that nothing is kept between two looks.
 */
export function evidenceOver(rate: number, { hits, trials }: Hits, higher: readonly number[]): number {
  const own = logLikelihood(rate, { hits, trials })
  return meanOf(higher.map((each) => logLikelihood(each, { hits, trials }) - own))
}

/** Rates that one may have to tell from: each twice the one before, since complaints are seldom. */
const rates = [...Array.from({ length: 10 }, (_, power) => 0.001 * 2 ** power), 0.7, 0.9]

/**
 * Evidence that something happens more often in one arm than in the other and a difference, as `evidenceOver` has it: that of
 * the pair of rates within the difference that explains best what was seen.
 */
export function evidenceOfDifference(one: Hits, other: Hits, difference: number): number {
  return evidenceBeyond(one, other, { most: (rate) => rate + difference, highest: 1 - difference })
}

/** Evidence that something happens more than so many times as often in one arm as in the other, in the same way. `times`: 1 or more. */
export function evidenceOfRatio(one: Hits, other: Hits, times: number): number {
  return evidenceBeyond(one, other, { most: (rate) => rate * times, highest: 1 / times })
}

/** What the rate of one arm may be by that of the other; above the highest rate of the other it may be any. */
interface Allowed {
  readonly most: (rate: number) => number
  readonly highest: number
}

function evidenceBeyond(one: Hits, other: Hits, { most, highest }: Allowed): number {
  if (one.trials === 0 || one.hits / one.trials <= most(shareOf(other))) return Number.NEGATIVE_INFINITY
  const mixed = [one, other].map((arm) => meanOf(rates.map((rate) => logLikelihood(rate, arm))))
  const free = (mixed[0] ?? 0) + (mixed[1] ?? 0)
  // What was seen is outside of the pairs, so that the best of them is at their edge, where there is one top.
  let [low, high] = [0, Math.max(0, highest)]
  const at = (rate: number): number => logLikelihood(Math.min(1, most(rate)), one) + logLikelihood(rate, other)
  for (let turn = 0; turn < 100; turn += 1) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3]
    if (at(left) < at(right)) low = left
    else high = right
  }
  return free - Math.max(at(low), at(high), at((low + high) / 2))
}

/** Taken together by weights that add up to 1, evidence against one of several things holds for all of them at once. */
export function together(parts: readonly { readonly weight: number; readonly evidence: number }[]): number {
  return Math.log(parts.reduce((sum, { weight, evidence }) => sum + weight * Math.exp(Math.min(evidence, 700)), 0))
}

const shareOf = ({ hits, trials }: Hits): number => (trials === 0 ? 0 : hits / trials)

function logLikelihood(rate: number, { hits, trials }: Hits): number {
  const missed = trials - hits
  return (hits === 0 ? 0 : hits * Math.log(rate)) + (missed === 0 ? 0 : missed * Math.log1p(-rate))
}

function meanOf(logarithms: readonly number[]): number {
  const highest = Math.max(...logarithms)
  if (!Number.isFinite(highest)) return highest
  return highest + Math.log(logarithms.reduce((sum, each) => sum + Math.exp(each - highest), 0) / logarithms.length)
}
