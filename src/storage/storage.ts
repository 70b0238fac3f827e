import type { StoredApprovals } from '../core/approvals.ts'
import type { Complaints } from '../core/complaints.ts'
import type { StoredConversations } from '../core/conversations.ts'
import type { StoredContainers } from '../core/containers.ts'
import type { Replicas } from '../core/held-sessions.ts'
import type { KeptValues } from '../core/kept-values.ts'
import type { MaskedConversations } from '../core/masked-conversations.ts'
import type { MissReports } from '../core/miss-reports.ts'
import type { OwnedIds } from '../core/owned-ids.ts'
import type { RecordedDecisions } from '../core/recorded-decisions.ts'
import type { StoredShares } from '../core/shares.ts'
import type { Suspensions } from '../core/suspensions.ts'
import type { StoredFiles } from '../core/stored-files.ts'
import type { QuotaLedger } from '../core/quotas.ts'
import type { EvaluationSets, Labels, Proposals, Rollouts } from '../core/tuning.ts'
import type { WebSessions } from '../core/web-sessions.ts'
import type { ApiKeys } from './repositories/api-keys.ts'
import type { RetentionTold } from './retention/keep-retention.ts'
import type { StorageState } from './storage-failure.ts'

/**
 * What the service has to remember, open. What a method of a repository resolves for is on the disk of the storage. Each
 * rejects with `storage-unavailable` where the storage is at fault, after `storage.timeout_ms` at the latest.
 */
export interface Storage extends AsyncDisposable {
  /** Where it is, for people: a path, or an address without a password. */
  readonly place: string
  readonly keys: ApiKeys
  readonly suspensions: Suspensions
  readonly ownedIds: OwnedIds
  readonly maskedConversations: MaskedConversations
  readonly missReports: MissReports
  readonly keptValues: KeptValues
  readonly approvals: StoredApprovals
  readonly conversations: StoredConversations
  readonly files: StoredFiles
  readonly containers: StoredContainers
  readonly shares: StoredShares
  readonly recordedDecisions: RecordedDecisions
  readonly complaints: Complaints
  readonly labels: Labels
  readonly evaluationSets: EvaluationSets
  readonly proposals: Proposals
  readonly rollouts: Rollouts
  readonly webSessions: WebSessions
  /** Null where a file is the storage: then one process serves from it. */
  readonly replicas: Replicas | null
  /** What callers have used, and hold. */
  readonly quotas: QuotaLedger
  /** Forgets what is older than `storage.retention` says, at once and once a day, until it is disposed. */
  retain(told: RetentionTold): AsyncDisposable
  /** Writes a little, reads where reading went wrong, and says how that went. Never rejects. */
  probe(): Promise<StorageState>
}
