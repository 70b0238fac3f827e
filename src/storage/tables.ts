import type { Generated } from 'kysely'
import type { SuspensionKind } from '../core/suspensions.ts'
import type { ApprovalState } from '../core/approvals.ts'
import type { ReportFault } from '../core/miss-reports.ts'
import type { SignInWay, WebListener } from '../core/web-sessions.ts'
import type {
  ContentPiecesTable,
  ConversationItemsTable,
  ConversationRunsTable,
  ConversationsTable,
  FileContentsTable,
  HeldSessionsTable,
  RequestKeysTable,
  SealingKeyTable,
  LeaseNumbersTable,
  ProcessLeasesTable,
  SharePiecesTable,
  SharesTable,
  StoredFilesTable,
} from './history/history-tables.ts'
import type {
  ComplaintRulesTable,
  ComplaintsTable,
  EvaluationSetsTable,
  LabelsTable,
  RecordedDecisionsTable,
  RecordedDetectorsTable,
  RecordedPlacesTable,
  RecordedSamplesTable,
  RecordedScoresTable,
  TuningCountsTable,
  TuningProposalsTable,
  TuningRolloutsTable,
  TuningThresholdsTable,
} from './tuning/tuning-tables.ts'

/** The tables as they are after the last migration. Times are ISO 8601 in UTC, days are counted from 1970-01-01. */
export interface Tables {
  readonly storage_facts: StorageFactsTable
  readonly api_keys: ApiKeysTable
  readonly owned_ids: OwnedIdsTable
  readonly taken_over_files: TakenOverFilesTable
  readonly masked_conversations: MaskedConversationsTable
  readonly masked_values: MaskedValuesTable
  readonly masked_answers: MaskedAnswersTable
  readonly miss_reports: MissReportsTable
  readonly approvals: ApprovalsTable
  readonly quota_accounts: QuotaAccountsTable
  readonly quota_leases: QuotaLeasesTable
  readonly answer_ledger_life: AnswerLedgerLifeTable
  readonly suspensions: SuspensionsTable
  readonly process_leases: ProcessLeasesTable
  readonly lease_numbers: LeaseNumbersTable
  readonly held_sessions: HeldSessionsTable
  readonly request_keys: RequestKeysTable
  readonly sealing_key: SealingKeyTable
  readonly conversations: ConversationsTable
  readonly conversation_runs: ConversationRunsTable
  readonly conversation_items: ConversationItemsTable
  readonly stored_files: StoredFilesTable
  readonly file_contents: FileContentsTable
  readonly content_pieces: ContentPiecesTable
  readonly containers: ContainersTable
  readonly shares: SharesTable
  readonly share_pieces: SharePiecesTable
  readonly recorded_decisions: RecordedDecisionsTable
  readonly recorded_places: RecordedPlacesTable
  readonly recorded_detectors: RecordedDetectorsTable
  readonly recorded_scores: RecordedScoresTable
  readonly recorded_samples: RecordedSamplesTable
  readonly complaints: ComplaintsTable
  readonly complaint_rules: ComplaintRulesTable
  readonly labels: LabelsTable
  readonly evaluation_sets: EvaluationSetsTable
  readonly tuning_proposals: TuningProposalsTable
  readonly tuning_rollouts: TuningRolloutsTable
  readonly tuning_thresholds: TuningThresholdsTable
  readonly tuning_counts: TuningCountsTable
  readonly web_sessions: WebSessionsTable
  readonly web_links: WebLinksTable
}

/** One row. */
interface StorageFactsTable {
  readonly one: 1
  /** Made with the storage. */
  readonly id: string
  /** Grows with every change of a key, with every suspension and its end, and with every change of what is tuned. */
  readonly keys_revision: number
  /** Grows with every change of a suspension. */
  readonly suspensions_revision: Generated<number>
  /** Grows with every change of a rollout, or of a threshold that one has put in force. */
  readonly tuning_revision: Generated<number>
  /** Grows with every proof that the storage can be written. */
  readonly probes: number
  /** Ids it had before: it takes another one whenever something of another time is put into it. A list in JSON. */
  readonly former_ids: Generated<string>
  /** What a backup says of itself, in JSON; null in a storage that is used. */
  readonly backup: Generated<string | null>
}

/**
 * Why a key has to be accepted by an operator before it is anybody's. `file`: it came from a file of an earlier version.
 * `other-time`: the storage was put back by other means than a restore. After a restore: `unknown` to the storage before,
 * `made-since` the backup, other in the backup (`differs`), or `revoked-since`, which alone stands at a revoked key.
 */
export type HeldBecause = 'file' | 'other-time' | 'unknown' | 'made-since' | 'differs' | 'revoked-since'

interface ApiKeysTable {
  readonly id: string
  readonly name: string
  readonly key_group: string
  /** Of the whole key, hexadecimal. */
  readonly sha256: string
  readonly created: string
  readonly state: 'active' | 'held' | 'revoked'
  readonly revoked: string | null
  readonly held_because: HeldBecause | null
  /** The day whose tokens count as used, since nobody knows how many were; null where they are counted. */
  readonly quota_used_day: number | null
  /** A list in JSON; null for those that a key has by default. */
  readonly scopes: string | null
  /** Null for a key that does not end by itself. */
  readonly expires: string | null
  /** To the minute; null for never. */
  readonly last_used: string | null
  /** The key that was made of this one, which goes on until it expires; null for none. */
  readonly replaced_by: string | null
}

interface OwnedIdsTable {
  readonly upstream: string
  readonly id: string
  readonly principal: string
  readonly made_day: number
}

/** Files of earlier versions whose content was put into the storage. */
interface TakenOverFilesTable {
  readonly name: string
  readonly taken: string
}

/** Conversations that providers keep, and of which values were hidden. */
interface MaskedConversationsTable {
  readonly id: string
  readonly principal: string
  /** The data key of its values, wrapped by the key of the service. */
  readonly wrapped_key: string
  /** When it last got a value. */
  readonly used_day: number
}

interface MaskedValuesTable {
  readonly conversation: string
  readonly token: string
  /** The value and its kind, sealed by the data key. */
  readonly sealed: string
  /** The order in which they came. */
  readonly place: number
}

/** Ids of answers, and of conversations as the provider calls them, by which calls go on with a conversation. */
interface MaskedAnswersTable {
  readonly upstream: string
  readonly id: string
  readonly conversation: string
  /** The answer that this is an item of, with which it is deleted; null for an answer itself. */
  readonly part_of: string | null
}

/** Who is kept out, and was. */
interface SuspensionsTable {
  readonly id: string
  readonly kind: SuspensionKind
  readonly subject: string
  readonly principal: string
  readonly reason: string
  readonly note: string | null
  readonly made: string
  readonly made_by: string
  /** Null for one that does not end by itself. */
  readonly until: string | null
  readonly lifted: string | null
  readonly lifted_by: string | null
}

/** What callers have used and hold; of a storage on a server alone. Times are milliseconds since 1970. */
interface QuotaAccountsTable {
  readonly id: string
  /** When nothing of it counts any more. */
  readonly ends: number
  /** In JSON; empty where nothing was counted yet. */
  readonly state: string
}

/** Which ledgers of answers these are. What else there is of them is read and written by `databases/differencing`. */
interface AnswerLedgerLifeTable {
  readonly one: number
  readonly id: string
  readonly answers: number
}

interface QuotaLeasesTable {
  readonly id: string
  readonly expires: number
  /** In JSON. */
  readonly state: string
}

/** What somebody has reported of the detectors; what they wrote is sealed by a data key of the report. */
interface MissReportsTable {
  readonly id: string
  readonly principal: string
  readonly receipt: string
  readonly fault: ReportFault
  readonly made: string
  readonly made_day: number
  /** The data key, wrapped by the key of the service. */
  readonly wrapped_key: string
  readonly sealed: string
}

/** What people are asked before it runs; the text of it is sealed by a data key of the approval. */
interface ApprovalsTable {
  readonly id: string
  readonly principal: string
  readonly principal_group: string
  /** Of what would run, hexadecimal. */
  readonly digest: string
  readonly tool: string
  readonly language: string | null
  readonly source: string | null
  /** A list in JSON. */
  readonly rules: string
  readonly request_id: string
  readonly asked: string
  readonly expires: string
  /** One that is over may still be called `pending` or `allowed`. */
  readonly state: ApprovalState
  readonly decided_by: string | null
  /** The data key, wrapped by the key of the service. */
  readonly wrapped_key: string
  readonly sealed: string
}

/** Containers that callers made; what they say of one, and which files it has, is sealed by a data key of its own. */
interface ContainersTable {
  readonly id: string
  readonly principal: string
  readonly made: string
  readonly used: string
  readonly ends: string
  /** 1 for one that was ended. */
  readonly is_over: number
  /** The process that has its session, or had it. */
  readonly holder: string
  /** Grows with every change. */
  readonly revision: number
  /** The data key, wrapped by the key of the service. */
  readonly wrapped_key: string
  readonly sealed: string
}

/** Sessions of browsers: the digests of their tokens, never a token. */
interface WebSessionsTable {
  readonly sha256: string
  readonly listener: WebListener
  readonly way: SignInWay
  readonly principal: string
  readonly principal_group: string
  /** A list in JSON. */
  readonly scopes: string
  /** Of the API key that was typed; null for the other ways. */
  readonly key_sha256: string | null
  readonly made: string
  readonly expires: string
}

/** Links that sign one browser in, until somebody takes one. */
interface WebLinksTable {
  readonly sha256: string
  readonly listener: WebListener
  readonly expires: string
}
