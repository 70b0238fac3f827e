import type { WrappedRow, WrappedRows } from './wrapped-rows.ts'

/** A place where a threshold stands: one rule of one direction, as one group is treated by it. */
export interface TuningPlace {
  readonly group: string
  readonly direction: 'inbound' | 'outbound'
  /** The category that the rule is written for: `toxicity`, `toxicity/hate`, `pii/person`. */
  readonly rule: string
}

export const isSamePlace = (one: TuningPlace, other: TuningPlace): boolean =>
  one.group === other.group && one.direction === other.direction && one.rule === other.rule

/**
 * Why a decision was recorded, from which follows how many it stands for. Everything `withheld` or `changed` is recorded;
 * of what was let pass, a sample: `near` a threshold more of it than of the rest.
 */
export const strata = ['withheld', 'changed', 'near', 'passed'] as const

export type Stratum = (typeof strata)[number]

/** What leaves a text as it is. A rule has acted in a decision where what happened by it is none of these. */
export const passingActions = ['allow', 'annotate'] as const

/** What one rule came to in one decision. */
export interface RuleScore {
  readonly rule: string
  /**
   * What the threshold was compared with, 0 to 1, calibrated: the highest score of a detector that counts, of `weighted` the
   * mean, of `quorum` the score that one detector fewer would not have reached. 0 where nothing was found.
   */
  readonly score: number
  /** The threshold that was in force. */
  readonly threshold: number
  /** What happened by this rule: `allow`, `annotate`, `mask`, `regenerate`, `human`, `block`. */
  readonly effective: string
  /** Names and versions of the detectors that were asked for this rule, `name@version`, sorted and joined by a blank. */
  readonly detectors: string
  /** Was a detector left out, since a block was certain without it? Such a score is a lower bound. */
  readonly isBound: boolean
}

/** One decision of the content filters about one call in one direction, without a word of its texts. */
export interface RecordedDecision {
  /** `dec-` and a UUID: what its caller was told. */
  readonly id: string
  /** Whose call it was: the caller, or `user:` and a digest for one person behind the key of an application. */
  readonly principal: string
  readonly group: string
  /** The conversation it belongs to, with which it is deleted; null where it belongs to none. */
  readonly conversation: string | null
  readonly direction: 'inbound' | 'outbound'
  readonly api: string
  readonly profile: { readonly name: string; readonly version: number }
  /** The revision of the thresholds in force; 0 where nothing was tuned. */
  readonly revision: number
  /** The rollout whose canary decided; null where none did. */
  readonly canary: string | null
  /** The most final of what happened. */
  readonly action: string
  readonly scores: readonly RuleScore[]
  readonly stratum: Stratum
  /** How many decisions of its stratum it stands for, 1 or more. */
  readonly weight: number
  /** ISO 8601. */
  readonly made: string
}

/** Text of a decision as it is kept: masked before, sealed by a data key of its own. */
export interface SealedSample extends WrappedRow {
  readonly sealed: string
}

export interface KeptDecision {
  readonly decision: RecordedDecision
  /** Null where no text is kept of it. */
  readonly sample: Omit<SealedSample, 'id'> | null
}

/** Which recorded decisions are meant. */
export interface DecisionRange {
  readonly place: TuningPlace
  /** ISO 8601, inclusive; null for the oldest there is. */
  readonly since: string | null
  /** ISO 8601, exclusive; null for the newest. */
  readonly until: string | null
}

/** Columns of one page of decisions, by position: what a million of them can be read as. */
export interface ScorePage {
  readonly ids: readonly string[]
  readonly scores: Float64Array
  readonly weights: Float64Array
  /** 1 where the rule has acted. */
  readonly acted: Uint8Array
  /** 1 where the score is a lower bound. */
  readonly bounds: Uint8Array
  readonly strata: readonly Stratum[]
  /** Of each, `name@version …`. */
  readonly detectors: readonly string[]
  /** When each was made, in milliseconds since 1970, UTC: a replay counts by day. */
  readonly made: Float64Array
}

/** Decisions that were recorded, until their days are over or their conversation is deleted. */
export interface RecordedDecisions extends WrappedRows {
  /** Resolves when all are kept, or rejects and none is. Ids that are there already stay as they are. */
  keep(decisions: readonly KeptDecision[]): Promise<void>
  /** Null for one that is not there. */
  find(id: string): Promise<RecordedDecision | null>
  /** The text that is kept of one; null where there is none. */
  sample(id: string): Promise<SealedSample | null>
  /** In the order in which they were made, page by page of 10,000 at most, while others write. */
  pages(range: DecisionRange, signal: AbortSignal): AsyncIterable<ScorePage>
  /**
   * Decisions without a label for the rule of a place, drawn evenly from each stratum, as many of each as are asked for: what
   * people are asked to label. The same seed draws the same ones while nothing is added.
   */
  draw(
    range: DecisionRange,
    most: Readonly<Record<Stratum, number>>,
    seed: number,
  ): Promise<readonly RecordedDecision[]>
  /** Counts by day (`2026-11-30`), stratum and whether the rule acted, weighted. */
  daily(
    range: DecisionRange,
  ): Promise<readonly { readonly day: string; readonly acted: number; readonly all: number }[]>
  /** Takes what is recorded of a conversation away, with its texts and their keys; how many there were. */
  forgetConversation(conversation: string): Promise<number>
}
