import type { TuningPlace } from '../../core/recorded-decisions.ts'
import type { EvaluationSet, LabelledScore } from '../../core/tuning.ts'
import type { ThresholdLimit } from '../rollouts/threshold-limits.ts'
import type { OperatingCurves } from './operating-curves.ts'

/** A place where a threshold may be tuned, as it stands now. */
export interface TunablePlace {
  readonly place: TuningPlace
  readonly threshold: number
  /** Is that another one than the configuration's? */
  readonly isTuned: boolean
  readonly limits: ThresholdLimit
  /** `name@version …` of the detectors in force. */
  readonly detectors: string
}

export interface CurvesRequest {
  /** The labels of a place as they hold now, or those of a set; null for its newest version. */
  readonly of: { readonly place: TuningPlace } | { readonly set: string; readonly version: number | null }
  /** Of recorded decisions, ISO 8601; null for no bound. */
  readonly since: string | null
  readonly until: string | null
  /** Thousandths from one threshold to the next, 1 to 100. */
  readonly step: number
}

/** A labelled decision as curves are drawn from it, without its caller. */
export type LabelledPoint = Pick<LabelledScore, 'decision' | 'score' | 'isBound' | 'truth' | 'source' | 'stratum'>

export interface CurvesAnswer extends TunablePlace {
  /** Null where labels are taken as they hold now. */
  readonly set: Pick<EvaluationSet, 'name' | 'version' | 'digest'> | null
  readonly curves: OperatingCurves
  /** Labels of scores of other detectors, which are in no rate. */
  readonly otherDetectors: number
  /** The lowest score first: where they are many, those that are nearest to the threshold in force. */
  readonly labelled: readonly LabelledPoint[]
  /** Those that are not in `labelled`. */
  readonly left: number
}

/** What thresholds could come to. Nothing is changed by it, and no text is read. */
export interface TuningCurves {
  /** Every place that may be tuned. */
  places(): Promise<readonly TunablePlace[]>
  /**
   * Rejects with `not-found` for a set that is not there, with `conflict` for one that was changed in the storage, with
   * `invalid-request` for a place that is never tuned, and once the signal is aborted between two steps of its work.
   */
  curves(request: CurvesRequest, signal: AbortSignal): Promise<CurvesAnswer>
}
