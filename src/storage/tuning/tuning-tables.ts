import type { Generated } from 'kysely'
import type { ComplaintKind, ComplaintReason, ComplaintState } from '../../core/complaints.ts'
import type { Stratum, TuningPlace } from '../../core/recorded-decisions.ts'
import type { ActiveStage, LabelSource, RolloutStage, Truth } from '../../core/tuning.ts'

type Direction = TuningPlace['direction']

/** What the content filters have decided, without a word of its texts. */
export interface RecordedDecisionsTable {
  readonly id: string
  readonly principal: string
  readonly principal_group: string
  readonly conversation: string | null
  readonly direction: Direction
  readonly api: string
  readonly profile: string
  readonly profile_version: number
  /** Of the thresholds in force. */
  readonly revision: number
  readonly canary: string | null
  readonly action: string
  readonly stratum: Stratum
  readonly weight: number
  readonly made: string
  /** A random number below 2^31, by which samples are drawn: nobody outside knows that of a decision. */
  readonly draw: number
}

/** Places by a number, so that each of a million scores names its own in a byte or two. Never deleted: there are few. */
export interface RecordedPlacesTable {
  readonly id: Generated<number>
  readonly principal_group: string
  readonly direction: Direction
  readonly rule: string
}

/** Names and versions of detectors by a number. */
export interface RecordedDetectorsTable {
  readonly id: Generated<number>
  readonly names: string
}

/** What each rule came to in each decision, in the order in which a place is read. */
export interface RecordedScoresTable {
  readonly place: number
  /** That of its decision, as `stratum` and `weight` are. */
  readonly made: string
  readonly decision: string
  /** Where it stands among the scores of its decision. */
  readonly position: number
  readonly score: number
  readonly threshold: number
  readonly effective: string
  readonly detectors: number
  readonly is_bound: number
  readonly stratum: Stratum
  readonly weight: number
}

/** Texts of decisions, each sealed by a data key of its own. */
export interface RecordedSamplesTable {
  /** Of the decision. */
  readonly id: string
  /** The data key, wrapped by the key of the service. */
  readonly wrapped_key: string
  readonly sealed: string
}

export interface ComplaintsTable {
  readonly id: string
  readonly kind: ComplaintKind
  readonly verdict: 'up' | 'down'
  readonly reason: ComplaintReason
  readonly principal: string
  readonly principal_group: string
  readonly decision: string | null
  readonly answer: string | null
  /** The one of both that it is about: a principal complains of a thing once. */
  readonly about: string
  readonly state: ComplaintState
  readonly made: string
  readonly made_day: number
  readonly wrapped_key: string
  readonly sealed: string
}

/** Rules that had acted in the decision that a complaint is about: known for as long as the complaint, which may outlive it. */
export interface ComplaintRulesTable {
  readonly complaint: string
  readonly rule: string
}

export interface LabelsTable {
  readonly id: string
  readonly decision: string
  readonly rule: string
  /** From 0: the highest of a decision and rule holds. */
  readonly place: number
  readonly truth: Truth
  readonly said_by: string
  readonly why: string
  readonly source: LabelSource
  readonly complaint: string | null
  readonly made: string
}

export interface EvaluationSetsTable {
  readonly name: string
  readonly version: number
  readonly principal_group: string
  readonly direction: Direction
  readonly rule: string
  readonly digest: string
  /** A list in JSON. */
  readonly items: string
  readonly size: number
  readonly made: string
  readonly made_by: string
}

export interface TuningProposalsTable {
  readonly id: string
  readonly principal_group: string
  readonly direction: Direction
  readonly rule: string
  readonly from_threshold: number
  readonly to_threshold: number
  readonly set_name: string
  readonly set_version: number
  readonly set_digest: string
  readonly detectors: string
  /** JSON. */
  readonly figures: string
  readonly made: string
  readonly made_by: string
}

export interface TuningRolloutsTable {
  readonly id: string
  /** The revision of all that is tuned with which it began: the order in which they came. */
  readonly begun: number
  readonly principal_group: string
  readonly direction: Direction
  readonly rule: string
  readonly proposal: string
  readonly from_threshold: number
  readonly to_threshold: number
  readonly detectors: string
  readonly stage: RolloutStage
  readonly share: number
  readonly salt: string
  /** JSON. */
  readonly bounds: string
  readonly revision: number
  /** A list in JSON. */
  readonly steps: string
  /** The rollout whose threshold was in force when this one began; null for the configuration's. */
  readonly before: string | null
}

/** Thresholds in force in the place of the configuration's. */
export interface TuningThresholdsTable {
  readonly principal_group: string
  readonly direction: Direction
  readonly rule: string
  readonly threshold: number
  readonly rollout: string
}

/** Counts: a server says them as text. */
export interface TuningCountsTable {
  readonly rollout: string
  readonly stage: ActiveStage
  readonly arm: 'canary' | 'control'
  readonly requests: number | string
  readonly acted_before: number | string
  readonly acted_after: number | string
  readonly only_before: number | string
  readonly only_after: number | string
  readonly unknown: number | string
  readonly complaints: number | string
}
