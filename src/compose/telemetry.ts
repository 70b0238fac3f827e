import type { Config } from '../config/schema.ts'
import type { ServiceError } from '../core/errors.ts'
import type { AgentEvent } from '../core/events.ts'
import type { Admitted, Received } from '../core/request.ts'
import type { FilterFailure } from '../filters/chain.ts'
import type { FilterDecision } from '../filters/profile.ts'
import type { SandboxEvent } from '../sandbox/engine.ts'
import { AuditTrail } from '../telemetry/audit.ts'
import { createLog, type Log } from '../telemetry/log.ts'
import { createMetrics, type Metrics } from '../telemetry/metrics.ts'
import { createObserver } from '../telemetry/observer.ts'
import { createStatementObserver, type ObserveStatement } from '../telemetry/statement-observer.ts'
import type { SqlGateEvent } from '../validators/sql/gate.ts'
import { auditPath } from './audit-path.ts'

/**
 * Log, metrics and audit of one process. A single command says nothing of its own but warnings; `beginService` raises
 * the log to its configured level and opens the audit trail. A command writes no trail; services may share one.
 */
export class Telemetry implements AsyncDisposable {
  readonly log: Log
  readonly metrics: Metrics = createMetrics()
  readonly #config: Config
  #isService = false
  #audit: AuditTrail | null = null
  #observe: ReturnType<typeof createObserver>
  #observeStatement: ObserveStatement

  constructor(config: Config) {
    this.#config = config
    this.log = createLog({
      level: config.telemetry.log_level === 'silent' ? 'silent' : 'warn',
      format: () => (this.#isService ? 'json' : 'lines'),
    })
    const parts = { log: this.log, metrics: this.metrics, audit: null }
    this.#observe = createObserver(parts)
    this.#observeStatement = createStatementObserver(parts)
  }

  async beginService(): Promise<void> {
    const { audit, log_level: level } = this.#config.telemetry
    this.#isService = true
    this.log.level = level
    if (audit && this.#audit === null) {
      this.#audit = await AuditTrail.open(auditPath(this.#config))
    }
    const parts = { log: this.log, metrics: this.metrics, audit: this.#audit }
    this.#observe = createObserver(parts)
    this.#observeStatement = createStatementObserver(parts)
  }

  observe(received: Received, events: AsyncIterable<AgentEvent>): AsyncIterable<AgentEvent> {
    return this.#observe(received, events)
  }

  /** Puts on the trail who asks, before anything runs for them. */
  async admitted({ requestId, principal, dataSource }: Admitted): Promise<void> {
    const { id, group } = principal
    await this.#audit?.append({ event: 'admitted', requestId, principal: id, group, source: dataSource })
  }

  observeStatement: ObserveStatement = (seen, work) => this.#observeStatement(seen, work)

  /** A role that can do more than it should is used all the same, because the configuration says so. */
  onAcceptedExcess(
    source: string,
    { role, excess }: { readonly role: string; readonly excess: readonly string[] },
  ): void {
    this.log.warn({ source, role, excess }, 'the role can do more than read; accept_excess lets it be used')
  }

  onSandboxEvent(event: SandboxEvent): void {
    this.metrics.count('sandbox', event.type)
    if (event.type === 'sandbox-start') this.metrics.count('sandbox', `${event.origin}-start`)
    if (event.type === 'sandbox-claim' && event.made) this.metrics.count('sandbox', 'claim-with-own-limits')
    if (event.type === 'sandbox-fault') this.log.warn({ error: event.fault }, 'a sandbox could not be had or kept')
    if (event.type === 'sandbox-sweep') this.log.info({ ...event.report }, 'leftovers swept')
  }

  onGateEvent(event: SqlGateEvent): void {
    this.metrics.count('sql-gate', event.kind)
    if (event.kind === 'second-opinion-cannot-parse') return
    this.log.warn({ source: event.source, event: event.kind }, 'the SQL gate refused for a reason of its own')
  }

  /** What may be shown of a fault stands in the answer; the log has the rest. */
  onRunFault(fault: ServiceError, requestId: string): void {
    const level = fault.code === 'internal' || fault.code === 'invalid-config' ? 'error' : 'info'
    this.log[level]({ requestId, code: fault.code, error: fault }, 'a run failed')
  }

  onFilterFailure(failure: FilterFailure): void {
    this.metrics.count('filters', 'failure')
    this.log.warn({ failure }, 'a detector failed')
  }

  onFilterDecisions(decisions: readonly FilterDecision[]): void {
    for (const decision of decisions) this.metrics.count('filters', decision.effective)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#audit?.[Symbol.asyncDispose]()
  }
}
