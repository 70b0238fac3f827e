import type { ContainerDriver } from '../core/drivers.ts'
import type { AnswerArtifact } from '../core/events.ts'
import type { OperatorShares } from '../core/shares.ts'
import type { CheckedMedia } from '../core/media.ts'
import type { Config } from '../config/schema.ts'
import type { PolicyTools } from '../service/policy-tools.ts'
import type { FilterService } from '../compose/filter-service.ts'
import type { ContentTools } from '../service/content-tools.ts'
import type { LocalActions } from '../service/local-actions.ts'
import type { LocalPrivacy } from '../service/local-privacy.ts'
import type { LocalRoutes } from '../service/local-routes.ts'
import type { ConversationKeeper } from '../service/conversation-keeper.ts'
import type { ApprovalKeeper } from '../service/approval-keeper.ts'
import type { ReportKeeper } from '../service/report-keeper.ts'
import type { TuningKeeper } from '../service/tuning-keeper.ts'
import type { LimitKeeper } from '../service/limits.ts'
import type { LinkKeeper } from '../service/sign-in-links.ts'
import type { SuspensionKeeper } from '../service/suspensions.ts'
import type { StorageKeeper } from '../service/storage-keeper.ts'
import type { AuditKeeper } from '../service/audit-keeper.ts'
import type { KeyKeeper, Sallyport } from '../service/sallyport.ts'

/** A sandbox that a command will claim, without limits of its own; `driver` is null for the configured one. */
export interface ExpectedSandbox {
  readonly driver: ContainerDriver | null
}

/** The parts that commands work with, each composed of no more than it needs. */
export interface Openers {
  /**
   * Everything. Nothing heavy starts before it is used, but for the sandbox of a command that says it will use one: that
   * starts while the rest is loaded.
   */
  readonly open: (config: Config, expected?: ExpectedSandbox | null) => Promise<Sallyport>
  /** The API keys of the service; a running one knows of a change at once. */
  readonly openKeys: (config: Config) => Promise<KeyKeeper & AsyncDisposable>
  /** Who is kept out of the service; a running one knows of a change at once. */
  readonly openSuspensions: (config: Config) => Promise<SuspensionKeeper & AsyncDisposable>
  /** Links that sign browsers in; a running service takes them at once. */
  readonly openLinks: (config: Config) => Promise<LinkKeeper & AsyncDisposable>
  /** What callers may use, and have used, in the storage of the service. */
  readonly openLimits: (config: Config) => Promise<LimitKeeper & AsyncDisposable>
  /** The storage of the service, and what belongs to it on this machine; a running one knows of a change at once. */
  readonly openStorageKeeper: (config: Config) => Promise<StorageKeeper>
  /** Reports of what was missed or wrongly hidden, in the storage of the service. */
  readonly openReportKeeper: (config: Config) => Promise<ReportKeeper>
  /** Complaints, labels and thresholds, in the storage of the service; a running one knows of a change within a second. */
  readonly openTuning: (config: Config) => Promise<TuningKeeper>
  /** What people are asked before it runs, in the storage of the service; a running one knows of a decision at once. */
  readonly openApprovalKeeper: (config: Config) => Promise<ApprovalKeeper>
  /** Shares of everybody, in the storage of the service; a running one knows of an end at once. */
  readonly openShareKeeper: (config: Config) => Promise<OperatorShares>
  /** Conversations that are kept for the person here, in the storage of the service. */
  readonly openConversationKeeper: (config: Config) => Promise<ConversationKeeper>
  /** Masks and restores texts on this machine; no service is needed. */
  readonly openLocalPrivacy: (config: Config) => Promise<LocalPrivacy>
  /** Looks at texts as the filters of content do; no service is needed. */
  readonly openContentTools: (config: Config) => Promise<ContentTools>
  /** Serves checks of content alone, for other processes. */
  readonly openFilterService: (config: Config) => Promise<FilterService>
  /** Says where requests would go; no service is needed. */
  readonly openLocalRoutes: (config: Config) => Promise<LocalRoutes>
  /** Says what may become of calls of tools; no service is needed. */
  readonly openLocalActions: (config: Config) => Promise<LocalActions>
  /** Looks at the rules of policy; no service is needed. */
  readonly openPolicyTools: (config: Config) => Promise<PolicyTools>
  /** A picture that came of a sandbox, drawn anew behind a wall; null for one that is none. Rejects where there is no wall. */
  readonly drawAnew: (
    picture: Pick<AnswerArtifact, 'mediaType' | 'content'>,
    signal: AbortSignal,
  ) => Promise<CheckedMedia | null>
  /** The audit trail; a service may go on writing it. */
  readonly openAuditKeeper: (config: Config) => Promise<AuditKeeper>
}
