import { approvalEvent, type AboutApproval, type ApprovalEvent, type ApprovalFacts } from '../core/approvals.ts'
import type { ComplaintFacts, ComplaintNotice } from '../core/complaints.ts'
import type {
  AbuseNotice,
  ActionNotice,
  ContentNotice,
  FirstKeyNotice,
  McpCallEnd,
  OperatorChange,
} from '../core/facts.ts'
import type { SearchNotice } from '../core/kept-values.ts'
import type { ReportNotice } from '../core/miss-reports.ts'
import type { WebSessionNotice } from '../core/web-sessions.ts'
import { openTrail } from './audit/open-trail.ts'
import type { ServiceTrail } from './audit/service-trail.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { TelemetryConfig } from './paths.ts'

const copyOf = <Fact extends object>(fact: Fact): Fact => ({ ...fact })

interface NoticeParts {
  readonly log: Log
  readonly metrics: Metrics
  /** null where a command runs, or no trail is kept. */
  readonly audit: Pick<ServiceTrail, 'append' | 'note'> | null
  readonly config: TelemetryConfig
}

/**
 * What people do with the service beside asking it, and what is done with callers. Each resolves when it is on the trail, and
 * rejects where it cannot be put there: then it is not done.
 */
export class Notices {
  readonly #parts: () => NoticeParts

  /** `parts` gives what there is at the moment: a service begins to keep more than a command does. */
  constructor(parts: () => NoticeParts) {
    this.#parts = parts
  }

  /** Puts on the trail that somebody reports what a detector did wrong, by ids: never what they wrote. */
  async onReport({ requestId, principal, group, receipt, id, fault }: ReportNotice): Promise<void> {
    const { metrics, audit } = this.#parts()
    metrics.count('privacy-report', fault)
    await audit?.append({ event: 'privacy-report', requestId, principal, group, receipt, report: id, fault })
  }

  /** Puts on the trail that a caller complains, by ids: never in which words. */
  async onComplaint(notice: ComplaintNotice): Promise<void> {
    const { id, ...about } = notice
    await this.#parts().audit?.append({ event: 'complaint', complaint: id, ...about })
  }

  /** A complaint was kept, once for all the times that it was made. */
  onComplaintKept(complaint: ComplaintFacts): void {
    this.#parts().metrics.complaint(complaint)
  }

  /** Puts on the trail what content filters decided about a call: never a text of it. */
  async onContent(notice: ContentNotice): Promise<void> {
    const { log, metrics, audit } = this.#parts()
    metrics.content(notice)
    const { profile, detectors, findings, failures, rules, tuning, ...about } = notice
    const told = {
      ...about,
      rules: [...rules],
      profile: { ...profile },
      ...(tuning === undefined ? {} : { tuning: { ...tuning } }),
      detectors: { ...detectors },
      failures: failures.map(copyOf),
    }
    const fact = { event: 'content-decision', ...told, findings: findings.map(copyOf) }
    log[failures.length > 0 ? 'warn' : 'info'](fact, 'content filters decided')
    await audit?.append(fact)
  }

  /** Puts on the trail what was decided about a call of a caller's own model: ids and origins, never a value. */
  async onAction(notice: ActionNotice): Promise<void> {
    const { log, metrics, audit } = this.#parts()
    const { effective, reads, ...about } = notice
    metrics.count('action', effective)
    const fact = { event: 'action-decision', ...about, effective, reads: reads.map(copyOf) }
    log.info(fact, 'a call of a tool was decided about')
    await audit?.append(fact)
  }

  /** Puts on the trail how a call of a tool over MCP ended: never what it was about. */
  async onMcpCall(call: McpCallEnd): Promise<void> {
    const { log, metrics, audit } = this.#parts()
    metrics.count('mcp', call.outcome)
    log.info(call, 'tool called over MCP')
    await audit?.append({ event: 'mcp-call', ...call })
  }

  /** Puts on the trail that somebody looks for a value in what is kept, and forgets it: never the value. */
  async onSearch(notice: SearchNotice): Promise<void> {
    const { metrics, audit } = this.#parts()
    if (notice.event === 'privacy-search') metrics.count('privacy-search', notice.of)
    await audit?.append({ ...notice })
  }

  /** Somebody is kept out by what was counted of them. */
  async onSuspension({ suspension, group, counted }: AbuseNotice): Promise<void> {
    const { log, metrics, audit } = this.#parts()
    const { id, kind, principal, subject, reason, until, madeBy: by } = suspension
    metrics.count('abuse', kind)
    const about = { suspension: id, kind, principal, group, reason, until, counted }
    log.warn(about, 'a caller is kept out')
    const isPerson = subject !== principal
    await audit?.append({ event: 'suspension', requestId: '', ...about, subject: isPerson ? subject : null, by })
  }

  /**
   * Puts on the trail that a start makes the first key of a storage, before it is made; as a command of an operator does who
   * makes one.
   */
  async onFirstKey({ requestId, group }: FirstKeyNotice): Promise<void> {
    await this.#parts().audit?.append({ event: 'key-create', requestId, by: 'start', group })
  }

  /** How that ended, with the id of the key, null for none. The key is shown whether the trail takes this line or loses it. */
  onFirstKeyEnd({ requestId }: FirstKeyNotice, made: string | null): void {
    const fact = { event: 'key-create-end', requestId }
    this.#parts().audit?.note(made === null ? { ...fact, done: false } : { ...fact, made, done: true })
  }

  /** Puts on the trail that somebody signs in by a browser, or out, and which links were made for that: never a token. */
  async onWebSession(notice: WebSessionNotice): Promise<void> {
    const { log, metrics, audit } = this.#parts()
    metrics.count('web-session', notice.event)
    log.info({ ...notice }, 'a session of a browser')
    await audit?.append({ ...notice })
  }

  /** The storage forgot so many of each kind by their age. */
  onForgotten(counts: Readonly<Record<string, number>>): void {
    const { log, audit } = this.#parts()
    log.info(counts, 'the storage forgot what is older than its retention')
    audit?.note({ event: 'storage-forgotten', requestId: '', ...counts })
  }

  /** Puts on the trail what an operator asks to change, before it is changed, and how that ended. */
  async onAdminChange(change: OperatorChange): Promise<void> {
    const { log, metrics, audit } = this.#parts()
    const { done, told, ...about } = change
    if (done === null) metrics.count('admin', 'change')
    const what = done === null ? 'changes' : done ? 'has changed' : 'could not change'
    log.info(about, `an operator ${what} something`)
    await audit?.append({ ...about, told: { ...told }, ...(done === null ? {} : { done }) })
  }

  /** Puts on the trail what an operator does with thresholds, before it is done, and how that ended. */
  async onTuning(line: { readonly event: string; readonly requestId: string }): Promise<void> {
    const { log, metrics, audit } = this.#parts()
    metrics.count('tuning', line.event)
    log.info({ event: line.event, requestId: line.requestId }, 'an operator works on thresholds')
    await audit?.append({ ...line })
  }

  /** Something happened to an approval; it is on the trail when this resolves, and a command puts it there, too. */
  async onApproval(
    event: ApprovalEvent,
    approval: ApprovalFacts,
    { requestId, by, done, changed }: AboutApproval,
  ): Promise<void> {
    const { log, metrics, audit, config } = this.#parts()
    const who = by === null ? {} : { by }
    const how = { ...(changed === undefined ? {} : { changed }), ...(done === undefined ? {} : { done }) }
    const fact = { ...approvalEvent(event, approval), requestId, ...who, ...how }
    metrics.count('policy', event)
    log.info(fact, 'approval')
    if (audit !== null) return audit.append(fact)
    if (!config.telemetry.audit) return
    await using trail = await openTrail(config)
    await trail.append(fact)
  }
}
