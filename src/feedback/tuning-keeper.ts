import type { ComplaintFacts, ComplaintState } from '../core/complaints.ts'
import type { JsonValue } from '../core/json.ts'
import type { ReportFacts } from '../core/miss-reports.ts'
import type { RecordedDecision, TuningPlace } from '../core/recorded-decisions.ts'
import type {
  EvaluationSet,
  QueueKind,
  Label,
  Proposal,
  Rollout,
  RolloutBounds,
  RolloutSeen,
  Truth,
  TuningState,
} from '../core/tuning.ts'
import type { Aim } from './proposals/aim.ts'

/** Who does something, as the door or the terminal knows them. */
export interface TuningOperator {
  /** `cli:ann`, or the id of the key at the operators' door. */
  readonly by: string
  /** Whom callers would know them as: the id of a key, `token-…`, or another name of theirs; null where nobody said so. */
  readonly caller: string | null
}

export interface QueueFilter {
  /** Null for every kind. Drawn decisions (`audit`) are there where a place is named whole. */
  readonly kind: QueueKind | null
  readonly group: string | null
  readonly direction: TuningPlace['direction'] | null
  readonly rule: string | null
  readonly state: ComplaintState | null
  /** At most so many of complaints, and of reports; of decisions so many of each stratum. */
  readonly most: number
  /** The same one draws the same decisions while nothing is added. */
  readonly seed: number
}

export type QueueItem =
  | { readonly kind: 'appeal' | 'thumb'; readonly complaint: ComplaintFacts }
  | { readonly kind: 'audit'; readonly decision: RecordedDecision }
  | { readonly kind: 'receipt'; readonly report: ReportFacts }

export interface Queue {
  readonly items: readonly QueueItem[]
  /** Complaints and reports that the filter lets through and that are not in `items`. */
  readonly left: number
}

/** An item of the queue with all that is kept of it. A text is null where none is kept, or none was asked for. */
export interface OpenedItem {
  readonly item: QueueItem
  /** The decision that it is about, or is; null where none is known or it is forgotten. */
  readonly decision: RecordedDecision | null
  /** What its caller wrote, or reported. */
  readonly comment: string | null
  /** What the filter read, as it is kept: masked. */
  readonly text: string | null
  readonly labels: readonly Label[]
}

export interface LabelRequest {
  /** `cmp_…`, `dec-…` or `prp_…`. */
  readonly item: string
  readonly rule: string
  readonly truth: Truth
  readonly why: string
  /** The decision that it is about, where the item names none; null for the item's own. */
  readonly decision: string | null
}

export interface SetRequest {
  readonly name: string
  readonly place: TuningPlace
  /** Decisions from then on, and before then (ISO 8601); null for no bound. */
  readonly since: string | null
  readonly until: string | null
}

/** Texts that somebody has labelled, to be scored by the detectors of the configuration. */
export interface ImportRequest {
  readonly name: string
  readonly place: TuningPlace
  readonly texts: readonly { readonly text: string; readonly labels: readonly string[] }[]
}

export type SetFacts = Omit<EvaluationSet, 'items'> & { readonly size: number }

export interface ProposalRequest {
  readonly set: string
  /** Null for the newest. */
  readonly version: number | null
  readonly aim: Aim
  /** Of recorded decisions that its labels speak for, ISO 8601: those of the days that were labelled. */
  readonly since: string | null
  readonly until: string | null
}

export interface SimulationRequest {
  /** A proposal, or a place and a threshold. */
  readonly of: { readonly proposal: string } | { readonly place: TuningPlace; readonly threshold: number }
  readonly since: string | null
  readonly until: string | null
}

/** What it would have come to over recorded decisions. */
export interface SimulationAnswer {
  readonly place: TuningPlace
  readonly from: number
  readonly to: number
  readonly figures: Readonly<Record<string, JsonValue>>
}

export interface ShadowRequest {
  readonly proposal: string
  readonly why: string
  readonly bounds: Partial<RolloutBounds>
}

/** A step of a rollout. A looser threshold is let decide by nobody who has not named the digest of its set. */
export interface StepRequest {
  readonly rollout: string
  readonly why: string
  readonly digest: string | null
}

/** One rollout with what it rests on. */
export interface HistoryEntry {
  readonly rollout: Rollout
  /** Null where it is not kept any more. */
  readonly proposal: Proposal | null
}

export interface ReportRange {
  /** Null for all groups. */
  readonly group: string | null
  /** ISO 8601; null for a week before the end. */
  readonly since: string | null
  /** Null for now. */
  readonly until: string | null
  /** What one false block costs, and in what; null where nobody has said. */
  readonly cost: { readonly falseBlock: number; readonly unit: string } | null
}

/** A report as a document for programs, and for people in Markdown. */
export interface TuningReport {
  readonly figures: Readonly<Record<string, JsonValue>>
  readonly markdown: string
}

/**
 * What an operator does with thresholds: all that changes something is on the audit trail before it is done, with who, why and
 * by which data. Each rejects with `not-found` for an id that is not there, with `conflict` where it was changed meanwhile or it
 * is too early for it, with `forbidden` where this person may not, with `storage-unavailable` where the storage is at fault.
 */
export interface TuningKeeper {
  report(range: ReportRange, signal: AbortSignal): Promise<TuningReport>
  queue(filter: QueueFilter): Promise<Queue>
  /** Opens an item with the key of the service. Rejects with `invalid-config` where the key is not there. */
  open(id: string, options: { readonly values: boolean }, operator: TuningOperator): Promise<OpenedItem>
  /** Keeps a label, and settles the complaint that it is about unless it is `unsure`. */
  label(request: LabelRequest, operator: TuningOperator): Promise<Label>
  /** Takes a complaint from the queue without a label. */
  dismiss(complaint: string, why: string, operator: TuningOperator): Promise<void>
  /** Makes the next version of a set of the labels that there are. */
  makeSet(request: SetRequest, operator: TuningOperator): Promise<SetFacts>
  /** Makes the next version of a set of texts, each scored here; no text is kept. */
  importSet(request: ImportRequest, operator: TuningOperator, signal: AbortSignal): Promise<SetFacts>
  sets(): Promise<readonly SetFacts[]>
  set(name: string, version: number | null): Promise<EvaluationSet>
  /** Rejects once the signal is aborted, between two steps of its work, and keeps nothing then. */
  propose(request: ProposalRequest, operator: TuningOperator, signal: AbortSignal): Promise<Proposal>
  proposals(most: number): Promise<readonly Proposal[]>
  simulate(request: SimulationRequest, signal: AbortSignal): Promise<SimulationAnswer>
  /** Begins a rollout: the proposed threshold is computed beside the one in force, and decides nothing. */
  shadow(request: ShadowRequest, operator: TuningOperator): Promise<Rollout>
  /** Lets it decide for a share of callers, or for another share. */
  canary(request: StepRequest & { readonly share: number }, operator: TuningOperator): Promise<Rollout>
  /** Lets it decide for all. */
  promote(request: StepRequest, operator: TuningOperator): Promise<Rollout>
  /** Puts back what was in force before, of one that decides or has decided. */
  rollback(request: StepRequest, operator: TuningOperator): Promise<Rollout>
  /** Ends one that decides nothing for all yet. */
  stop(request: StepRequest, operator: TuningOperator): Promise<Rollout>
  state(): Promise<TuningState>
  rollout(id: string): Promise<RolloutSeen>
  /** The newest first; null for every place. */
  history(place: TuningPlace | null): Promise<readonly HistoryEntry[]>
}
