import type { TuningPlace } from './recorded-decisions.ts'

/** What a person says of a text and a rule. `unsure` counts as no label. */
export const truths = ['harmful', 'harmless', 'unsure'] as const
export type Truth = (typeof truths)[number]

/** What waits for somebody: an appeal, a thumb, a decision that was drawn, or a report of a value that was missed. */
export const queueKinds = ['appeal', 'thumb', 'audit', 'receipt'] as const
export type QueueKind = (typeof queueKinds)[number]

/** What made somebody look: a drawn sample, an appeal, a thumb, a report of a value that was missed, or a file of texts. */
export const labelSources = ['audit', 'appeal', 'thumb', 'receipt', 'import'] as const
export type LabelSource = (typeof labelSources)[number]

export interface Label {
  /** `lbl_` and 128 random bits. */
  readonly id: string
  readonly decision: string
  readonly rule: string
  readonly truth: Truth
  /** The person who says so, as the operators' door or the terminal knows them. */
  readonly by: string
  readonly why: string
  readonly source: LabelSource
  /** The complaint that it settles; null for none. */
  readonly complaint: string | null
  readonly made: string
}

/** Labels: the last one of a decision and rule holds, and all of them stay. */
export interface Labels {
  keep(label: Omit<Label, 'made'>): Promise<Label>
  /** The one that holds of each decision, for a place and in a range of time of the decision. */
  of(
    place: TuningPlace,
    range: { readonly since: string | null; readonly until: string | null },
  ): Promise<readonly LabelledScore[]>
  history(decision: string): Promise<readonly Label[]>
}

/** A label beside what the filter said. */
export interface LabelledScore {
  readonly decision: string
  readonly principal: string
  readonly score: number
  readonly isBound: boolean
  readonly weight: number
  readonly stratum: string
  readonly detectors: string
  readonly truth: Exclude<Truth, 'unsure'>
  readonly source: LabelSource
}

/** A version of an evaluation set: it never changes, and its digest says so. */
export interface EvaluationSet {
  readonly name: string
  /** From 1; each version of a name is another set. */
  readonly version: number
  readonly place: TuningPlace
  /** SHA-256, hex, over its items in their order. */
  readonly digest: string
  readonly items: readonly LabelledScore[]
  readonly made: string
  readonly by: string
}

export interface EvaluationSets {
  /** Rejects with `conflict` where that version is there already. */
  keep(set: Omit<EvaluationSet, 'made'>): Promise<EvaluationSet>
  /** The newest version where none is named; null where there is none. */
  find(name: string, version: number | null): Promise<EvaluationSet | null>
  list(): Promise<readonly (Omit<EvaluationSet, 'items'> & { readonly size: number })[]>
}

/** How sure a bound that a proposal is held to may be asked to be. */
export const confidences = [0.8, 0.9, 0.95, 0.99] as const
export type Confidence = (typeof confidences)[number]

/** A threshold that is proposed, and what it rests on. */
export interface Proposal {
  /** `tpr_` and 128 random bits. */
  readonly id: string
  readonly place: TuningPlace
  /** The threshold in force when it was proposed, and the one that is proposed. */
  readonly from: number
  readonly to: number
  readonly set: { readonly name: string; readonly version: number; readonly digest: string }
  /** `name@version …` of the detectors whose scores it rests on: with others it is worth nothing. */
  readonly detectors: string
  /** The figures of `src/feedback/proposals`, in JSON. */
  readonly figures: string
  readonly made: string
  readonly by: string
}

export interface Proposals {
  keep(proposal: Omit<Proposal, 'made'>): Promise<Proposal>
  find(id: string): Promise<Proposal | null>
  /** The newest first. */
  list(most: number): Promise<readonly Proposal[]>
}

/**
 * Where a rollout is: its threshold is computed beside the one in force (`shadow`), decides for some callers (`canary`), decides
 * for all and is watched (`promoted`), or decides for all (`settled`). `rolled-back` is one whose threshold was taken back
 * after it had decided, `stopped` one that has ended before it decided for all. The last three are ends, of which only `settled`
 * may still become `rolled-back`.
 */
export const rolloutStages = ['shadow', 'canary', 'promoted', 'settled', 'rolled-back', 'stopped'] as const
export type RolloutStage = (typeof rolloutStages)[number]

/** Stages of a rollout that is not at its end. */
export const activeStages = ['shadow', 'canary', 'promoted'] as const satisfies readonly RolloutStage[]
export type ActiveStage = (typeof activeStages)[number]

/** What a rollout may not leave, or it is rolled back. */
export interface RolloutBounds {
  /** The rate at which the candidate acts may be so many times that of the threshold in force. */
  readonly mostActedRatio: number
  /** And so much higher, as a share of requests. */
  readonly mostActedIncrease: number
  /** Complaints in a hundred decisions of the canary beyond those of the others. */
  readonly mostComplaintIncrease: number
  /** How sure a rollback has to be: the chance that a threshold within its bounds is rolled back, over a whole stage. */
  readonly error: number
}

export interface RolloutStep {
  /** ISO 8601, by the clock of the storage. */
  readonly at: string
  /** A person, or `automatic`. */
  readonly by: string
  readonly from: RolloutStage | null
  readonly to: RolloutStage
  readonly why: string
}

/** One threshold on its way from a proposal to being in force. */
export interface Rollout {
  /** `rol_` and 128 random bits. */
  readonly id: string
  readonly place: TuningPlace
  readonly proposal: string
  readonly from: number
  readonly to: number
  readonly detectors: string
  readonly stage: RolloutStage
  /** Of principals, 0 to 1, that the canary decides for. */
  readonly share: number
  /** Which of them: a principal is in where a keyed hash of this and its id says so, on every process alike. */
  readonly salt: string
  readonly bounds: RolloutBounds
  /** Grows with every change: who changes one names the one it has read. */
  readonly revision: number
  readonly steps: readonly RolloutStep[]
}

/** What was seen of a rollout in one of its stages, of all processes together. */
export interface RolloutCounts {
  /** The stage by which the process that counted has decided. */
  readonly stage: ActiveStage
  /**
   * `canary`: the candidate has decided, as for everybody once it is promoted. `control`: the threshold in force has, as for
   * everybody in shadow. Both are computed for each request.
   */
  readonly arm: 'canary' | 'control'
  readonly requests: number
  /** By the threshold in force, and by the candidate. */
  readonly actedBefore: number
  readonly actedAfter: number
  /** That only one of the two has acted on. */
  readonly onlyBefore: number
  readonly onlyAfter: number
  /** That cannot be told of, since a detector was left out. */
  readonly unknown: number
  readonly complaints: number
}

/** What a rollout has come to, read at one time. */
export interface RolloutSeen {
  readonly rollout: Rollout
  /** Now by the clock of the storage, ISO 8601: how long a stage has lasted is told by no other clock. */
  readonly now: string
  readonly counts: readonly RolloutCounts[]
}

/** A threshold in force in the place of the configuration's. */
export interface TunedThreshold {
  readonly place: TuningPlace
  readonly threshold: number
  /** The rollout that put it in force. */
  readonly rollout: string
}

/** What every process goes by. It is read whole: what is half written is never seen. */
export interface TuningState {
  /** Grows with every change of anything in it. */
  readonly revision: number
  readonly thresholds: readonly TunedThreshold[]
  /** Those that are not at their end. */
  readonly rollouts: readonly Rollout[]
}

export interface Rollouts {
  state(): Promise<TuningState>
  find(id: string): Promise<Rollout | null>
  /** The newest first, ended ones too. */
  list(most: number): Promise<readonly Rollout[]>
  /** Begins one in `shadow`. Rejects with `conflict` where another one of that place is not at its end. */
  begin(rollout: Omit<Rollout, 'revision' | 'stage' | 'steps'>, step: Pick<RolloutStep, 'by' | 'why'>): Promise<Rollout>
  /**
   * Takes one to another stage in one transaction with the threshold that this puts in force (`promoted`) or takes away
   * (`rolled-back` of one that is promoted or settled puts back what was in force before, and changes no threshold where
   * another rollout has put one in force since). Null, and nothing changes, where its revision is another one by now.
   * Rejects with `conflict` where it would be promoted in the place of another threshold than the one it began beside. What
   * may follow what is not checked otherwise.
   */
  step(
    rollout: Pick<Rollout, 'id' | 'revision'>,
    step: Pick<RolloutStep, 'to' | 'by' | 'why'>,
    changes: Partial<Pick<Rollout, 'share' | 'bounds'>>,
  ): Promise<Rollout | null>
  /** Adds to the counts of a rollout; does nothing for one that is at its end or not there. */
  count(id: string, counts: readonly RolloutCounts[]): Promise<void>
  /** One with its counts, by stage and arm; arms of which nothing was counted are left out. Null for one that is not there. */
  seen(id: string): Promise<RolloutSeen | null>
}
