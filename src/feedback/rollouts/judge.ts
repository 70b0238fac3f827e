import type { RolloutBounds, RolloutCounts, RolloutSeen } from '../../core/tuning.ts'
import { mostOfOne, whyNoBounds } from './bounds.ts'
import { countedSince, nothingCounted, plus, type CountedNumbers } from './counts.ts'
import { evidenceOfDifference, evidenceOfRatio, evidenceOver, together } from './evidence.ts'

/** What was counted of a rollout in its stage. Rates are shares of the requests that can be told of. */
export interface Judgement {
  /** Requests that the candidate has decided, and all of which it is known what both thresholds come to. */
  readonly decided: number
  readonly known: number
  /** Answers that the candidate has ended before it was known whether the other threshold would have: none of the known. */
  readonly ended: number
  readonly actedBefore: number
  readonly actedAfter: number
  /** Complaints in a hundred decisions of the canary, and of the others. */
  readonly complaintsOfCanary: number
  readonly complaintsOfOthers: number
  /** Has it left its bounds, as surely as these want it? */
  readonly isLeft: boolean
  /** Is it what it does that has left them, whatever is complained of? */
  readonly isLeftByActs: boolean
  /** Would it have left them, were the other threshold to act on none of the answers that it has ended? Then only a person goes on. */
  readonly isInDoubt: boolean
  /** One sentence with figures. */
  readonly why: string
}

/** Parts of the error that a rollback may have, by what is watched. */
const weights = { ratio: 0.6, increase: 0.1, arms: 0.1, complaints: 0.2 }

/** Complaints that are no evidence where they are fewer: more than two callers have made them (`mostOfOne`). */
const leastComplaints = 2 * mostOfOne + 1

/** Of what is watched of acts: the part for the whole stage, and that for all later beginnings together. */
const beginnings = { whole: 0.8, later: 0.2 }

/** What was counted when a later look at a stage began: what came before it neither counts for a rollout nor against it. */
export interface LaterBeginning {
  /** 1 for the first of its stage. */
  readonly number: number
  readonly counts: readonly RolloutCounts[]
}

/**
 * Holds what was counted in the present stage against the bounds. Of each request both decisions are known, whichever arm it
 * was of, so that those count on which only one of the two has acted; complaints are compared between the arms, and so is what
 * was acted on where the candidate has ended answers before it was known whether the other threshold would have. The error is
 * that of a whole stage, however often one looks. It works on totals, so any process may judge, and two come to the same but
 * for the beginnings that they have kept: by these a threshold that was sound for long is known to be so no more.
 */
export function judge({ rollout, counts }: RolloutSeen, later: readonly LaterBeginning[] = []): Judgement {
  const { bounds, stage } = rollout
  const here = sumOf(counts.filter((each) => each.stage === stage))
  const known = here.requests - here.unknown
  const canary = sumOf(counts.filter(({ arm }) => arm === 'canary'))
  // Once everybody is treated by the candidate, the others are those of before.
  const others = sumOf(counts.filter(({ arm }) => arm === 'control'))
  const complaints = evidenceOfDifference(
    { hits: Math.min(canary.complaints, canary.requests), trials: canary.requests },
    { hits: Math.min(others.complaints, others.requests), trials: others.requests },
    bounds.mostComplaintIncrease / 100,
  )
  const enough = Math.log(1 / bounds.error)
  const decidedHere = sumOf(counts.filter((each) => each.stage === stage && each.arm === 'canary'))
  const ended = endedBy(decidedHere)
  const acts = partsOf(beginnings.whole, evidenceOfActs(here, bounds))
  // At worst nothing would have been done about any of them.
  const atWorst = { ...here, onlyAfter: here.onlyAfter + endedBy(here), unknown: here.unknown - endedBy(here) }
  const isInDoubt = ended > 0 && together(partsOf(beginnings.whole, evidenceOfActs(atWorst, bounds))) >= enough
  if (ended > 0) acts.push(...evidenceOfArms(decidedHere, others, bounds))
  for (const { number, counts: before } of later) {
    const counted = countedSince(here, sumOf(before.filter((each) => each.stage === stage)))
    // 1/2 + 1/6 + 1/12 … come to 1, however many there are.
    acts.push(...partsOf(beginnings.later / (number * (number + 1)), evidenceOfActs(counted, bounds)))
  }
  // What has no bounds that can be read has left them.
  const wrong = whyNoBounds(bounds)
  const isLeftByActs = wrong !== null || together(acts) >= enough
  const isComplained = canary.complaints >= leastComplaints
  const heard = isComplained ? [{ weight: weights.complaints, evidence: complaints }] : []
  const isLeft = isLeftByActs || together([...acts, ...heard]) >= enough
  const figures = {
    decided: decidedHere.requests,
    known,
    ended,
    actedBefore: share(here.actedBefore, known),
    actedAfter: share(here.actedAfter - endedBy(here), known),
    complaintsOfCanary: 100 * share(canary.complaints, canary.requests),
    complaintsOfOthers: 100 * share(others.complaints, others.requests),
  }
  const why = wrong === null ? sentenceOf(figures, { stage, bounds, isLeft }) : `its bounds are none: ${wrong}`
  return { ...figures, isLeft, isLeftByActs, isInDoubt, why }
}

/**
 * A threshold that is lower acts on all that the other one acts on, and on more: of what either acts on, the share that only
 * it acts on says how many times as often it acts.
 */
function evidenceOfActs(
  { requests, unknown, actedBefore, onlyAfter }: CountedNumbers,
  { mostActedRatio, mostActedIncrease }: RolloutBounds,
) {
  const shareAt = (times: number): number => 1 - 1 / (times * mostActedRatio)
  const rateAt = (times: number): number => Math.min(0.999, times * Math.max(mostActedIncrease, 0.001))
  // At a ratio of 1 nothing may be acted on in addition: one in a thousand is nothing.
  const ratio = evidenceOver(
    Math.max(shareAt(1), 0.001),
    { hits: onlyAfter, trials: actedBefore + onlyAfter },
    [1.5, 2, 3].map(shareAt),
  )
  const increase = evidenceOver(rateAt(1), { hits: onlyAfter, trials: requests - unknown }, [1.5, 2, 4].map(rateAt))
  return { ratio, increase }
}

/** What the candidate has acted on of its own requests, ended answers as well, against what the other one has of all of its own. */
function evidenceOfArms(
  own: CountedNumbers,
  others: CountedNumbers,
  { mostActedRatio, mostActedIncrease }: RolloutBounds,
) {
  const one = { hits: own.actedAfter, trials: own.requests - own.unknown + endedBy(own) }
  const other = { hits: others.actedBefore, trials: others.requests - others.unknown }
  return [
    { weight: weights.arms / 2, evidence: evidenceOfRatio(one, other, mostActedRatio) },
    { weight: weights.arms / 2, evidence: evidenceOfDifference(one, other, mostActedIncrease) },
  ]
}

/** Of what the candidate has acted on, that of which nothing is known of the other threshold. */
const endedBy = ({ actedBefore, actedAfter, onlyBefore, onlyAfter }: CountedNumbers): number =>
  Math.max(0, actedAfter - (actedBefore - onlyBefore) - onlyAfter)

const partsOf = (part: number, { ratio, increase }: { readonly ratio: number; readonly increase: number }) => [
  { weight: part * weights.ratio, evidence: ratio },
  { weight: part * weights.increase, evidence: increase },
]

const sumOf = (counts: readonly RolloutCounts[]): CountedNumbers =>
  counts.reduce<CountedNumbers>((sum, each) => plus(sum, each), nothingCounted)

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

type Figures = Omit<Judgement, 'isLeft' | 'isLeftByActs' | 'isInDoubt' | 'why'>

function sentenceOf(
  { known, ended, actedBefore, actedAfter, complaintsOfCanary, complaintsOfOthers }: Figures,
  { stage, bounds, isLeft }: { stage: string; bounds: RolloutBounds; isLeft: boolean },
): string {
  const percent = (of: number): string => `${(100 * of).toFixed(1)} %`
  const more = ended === 0 ? '' : `, and it has ended ${ended} answers more, of which nobody knows the rest`
  const acts = `it acts on ${percent(actedAfter)} of ${known} requests in ${stage}, and without it ${percent(actedBefore)} are acted on${more}`
  const complained = `complaints in a hundred decisions: ${complaintsOfCanary.toFixed(1)} with it, ${complaintsOfOthers.toFixed(1)} without`
  const { mostActedRatio, mostActedIncrease, mostComplaintIncrease, error } = bounds
  const allowed = `${mostActedRatio} times as many, ${percent(mostActedIncrease)} more requests, ${mostComplaintIncrease} more complaints`
  const sure = isLeft
    ? `outside of its bounds (${allowed}) at an error of ${percent(error)}`
    : `within its bounds (${allowed})`
  return `${acts}; ${complained}: ${sure}`
}
