import { isSamePlace } from '../../core/recorded-decisions.ts'
import type { EvaluationSet, LabelledScore, TuningState } from '../../core/tuning.ts'
import { operatingCurves } from '../../feedback/curves/operating-curves.ts'
import type {
  CurvesAnswer,
  CurvesRequest,
  LabelledPoint,
  TunablePlace,
  TuningCurves,
} from '../../feedback/curves/tuning-curves.ts'
import { readPopulation } from '../../feedback/estimates/population.ts'
import { isOfFile } from '../../feedback/proposals/check-set.ts'
import { LoopShare } from '../../filters/loop-share.ts'
import { wholeSet } from './evaluation-sets.ts'
import type { TuningParts } from './parts.ts'
import type { PlaceNow } from './tunable-places.ts'
import { untilGone } from './until-gone.ts'

/** Labelled decisions that an answer has at most. */
const mostLabelled = 2_000

type Parts = Pick<TuningParts, 'decisions' | 'labels' | 'sets' | 'rollouts' | 'places'>

/** What every threshold of a place comes to, by labels and by what was recorded. */
export function createCurves(parts: Parts): TuningCurves {
  const { decisions, rollouts, places } = parts
  const share = new LoopShare()
  return {
    async places() {
      const state = await rollouts.state()
      return places.all(state, null).map((now) => standing(now, state))
    },
    async curves(request, signal) {
      const { since, until, step } = request
      const { place, set, labels: all } = await labelsOf(parts, request)
      const state = await rollouts.state()
      const now = places.now(place, state)
      const { threshold, detectors, limit: limits } = now
      const items = all.filter((label) => label.detectors === detectors)
      const pages = decisions.pages({ place, since, until }, signal)
      const population = isOfFile(items) ? null : await readPopulation(pages, detectors)
      const curves = await share.inTurns(
        untilGone(operatingCurves({ items, population, inForce: { threshold, detectors }, limits, step }), signal),
      )
      return {
        ...standing(now, state),
        set,
        curves,
        otherDetectors: all.length - items.length,
        ...nearest(items, threshold),
      }
    },
  }
}

/** The labels that are asked for, and the place that they are of. */
async function labelsOf(
  parts: Parts,
  { of, since, until }: CurvesRequest,
): Promise<Pick<EvaluationSet, 'place'> & Pick<CurvesAnswer, 'set'> & { readonly labels: EvaluationSet['items'] }> {
  if ('place' in of) return { place: of.place, set: null, labels: await parts.labels.of(of.place, { since, until }) }
  const { name, version, digest, place, items } = await wholeSet(parts, of.set, of.version)
  return { place, set: { name, version, digest }, labels: items }
}

function standing(
  { place, threshold, limit: limits, detectors }: PlaceNow,
  { thresholds }: Pick<TuningState, 'thresholds'>,
): TunablePlace {
  const isTuned = thresholds.some((tuned) => isSamePlace(tuned.place, place) && tuned.threshold === threshold)
  return { place, threshold, isTuned, limits, detectors }
}

function nearest(items: readonly LabelledScore[], threshold: number): { labelled: LabelledPoint[]; left: number } {
  const distance = ({ score }: LabelledScore) => Math.abs(score - threshold)
  const kept = items.toSorted((one, other) => distance(one) - distance(other)).slice(0, mostLabelled)
  const labelled = kept
    .toSorted((one, other) => one.score - other.score || (one.decision < other.decision ? -1 : 1))
    .map(({ decision, score, isBound, truth, source, stratum }) => ({
      decision,
      score,
      isBound,
      truth,
      source,
      stratum,
    }))
  return { labelled, left: items.length - kept.length }
}
