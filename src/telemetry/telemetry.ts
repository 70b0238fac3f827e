import type {
  SandboxEvent,
  SqlGateEvent,
  FilterFailure,
  ObserveHeld,
  QuotaWatch,
  BegunRequest,
  ResponseRecord,
} from '../core/facts.ts'
import { errorTable } from '../core/error-table.ts'
import type { ServiceError } from '../core/errors.ts'
import type { AgentEvent } from '../core/events.ts'
import type { UpstreamAnswer } from '../core/model-call.ts'
import type { Admitted, Received } from '../core/request.ts'
import type { SumUpTraffic } from '../core/traffic.ts'
import { openTrail } from './audit/open-trail.ts'
import { RefusedCredentials } from './audit/refused-credentials.ts'
import { ServiceTrail } from './audit/service-trail.ts'
import { createCallObserver, type ObserveCall } from './call-observer.ts'
import { createEndpointObserver, type ObserveEndpointCall } from './endpoint-observer.ts'
import { openKeyFile } from '../files/key-file.ts'
import { createDigests, type Digests } from './digests.ts'
import { createLog, loggedFault, type Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { noMetrics } from './no-metrics.ts'
import { observeSandbox } from './sandbox-observer.ts'
import { Notices } from './notices.ts'
import { createObserver } from './observer.ts'
import { PolicyWatch } from './policy-watch.ts'
import { Traffic } from './traffic/traffic.ts'
import type { AgentModel, Spans } from './spans/spans.ts'
import { createExecutionObserver, type ObserveExecution } from './execution-observer.ts'
import { createHeldObserver } from './held-observer.ts'
import { createStatementObserver, type ObserveStatement } from './statement-observer.ts'
import { digestKeyPath, digestKeyPurpose, type TelemetryConfig } from './paths.ts'

/**
 * Log, metrics and audit of one process. A single command says nothing of its own but warnings and counts nothing;
 * `beginService` raises the log to its configured level, begins to count and opens the audit trail. A command writes no trail; services may share one.
 */
export class Telemetry implements AsyncDisposable {
  readonly log: Log
  #metrics: Metrics = noMetrics
  readonly #traffic = new Traffic()
  readonly #config: TelemetryConfig
  #isService = false
  #audit: ServiceTrail | null = null
  #digests: Digests | null = null
  #spans: Spans | null = null
  #observe: ReturnType<typeof createObserver>
  #observeStatement: ObserveStatement
  #observeExecution: ObserveExecution
  #observeHeld: ObserveHeld
  #observeCall: ObserveCall
  #observeEndpointCall: ObserveEndpointCall

  readonly #models: ReadonlySet<string>

  constructor(config: TelemetryConfig, models: readonly string[]) {
    this.#config = config
    this.#models = new Set(models)
    this.log = createLog({
      level: config.telemetry.log_level === 'silent' ? 'silent' : 'warn',
      format: () => (this.#isService ? 'json' : 'lines'),
    })
    const parts = { log: this.log, metrics: this.metrics, trail: null, models: this.#models }
    this.#observe = createObserver(parts)
    this.#observeStatement = createStatementObserver(parts)
    this.#observeExecution = createExecutionObserver(parts)
    this.#observeHeld = createHeldObserver(parts)
    this.#observeCall = createCallObserver(parts)
    this.#observeEndpointCall = createEndpointObserver(parts)
  }

  /** The metrics of a service; a command counts nothing. */
  get metrics(): Metrics {
    return this.#metrics
  }

  /** Sums up what a service has answered since it began. */
  readonly sumUpTraffic: SumUpTraffic = (window) => this.#traffic.sumUp(window)

  /** Counts what the ledger tells, from when the service begins. */
  readonly quotas: QuotaWatch = {
    onRefused: (limit) => this.metrics.quotas.onRefused(limit),
    onSettled: (group, uses) => this.metrics.quotas.onSettled(group, uses),
    onUnsettled: (count) => this.metrics.quotas.onUnsettled(count),
    onRecovered: (count) => this.metrics.quotas.onRecovered(count),
  }

  readonly #refusedCredentials = new RefusedCredentials({ note: (fact) => this.#audit?.note(fact) })

  /** Keeps what is decided by rules, and what is wrong with them. */
  readonly policy = new PolicyWatch(() => ({ log: this.log, metrics: this.metrics, ...this.#trailOfDecisions() }))

  /** What people do with the service, and what is done with them, each on the trail. */
  readonly notices = new Notices(() => {
    return { log: this.log, metrics: this.metrics, audit: this.#audit, config: this.#config }
  })

  /** `agentModel` is what spans say of the turns of the agent. */
  async beginService(agentModel: AgentModel | null = null): Promise<void> {
    const { audit, log_level: level, traces } = this.#config.telemetry
    if (!this.#isService) {
      const [{ createMetrics }, { countedMetrics }] = await Promise.all([
        import('./metrics.ts'),
        import('./traffic/counted-metrics.ts'),
      ])
      this.#metrics = countedMetrics(createMetrics(), this.#traffic)
      this.#metrics.observeProcess()
    }
    this.#isService = true
    this.log.level = level
    this.#digests = createDigests(await openKeyFile(digestKeyPath(this.#config), digestKeyPurpose))
    if (audit && this.#audit === null) {
      this.#audit = await this.#openTrail()
    }
    if (traces !== null && this.#spans === null) {
      const { openSpans } = await import('./spans/open-spans.ts')
      this.#spans = openSpans({ traces, agentModel, digests: this.#digests, log: this.log, metrics: this.metrics })
    }
    const trail = this.#audit === null ? null : { audit: this.#audit, digests: this.#digests }
    const parts = { log: this.log, metrics: this.metrics, trail, models: this.#models }
    this.#observe = createObserver(parts)
    this.#observeStatement = createStatementObserver(parts)
    this.#observeExecution = createExecutionObserver(parts)
    this.#observeHeld = createHeldObserver(parts)
    this.#observeCall = createCallObserver(parts)
    this.#observeEndpointCall = createEndpointObserver(parts)
  }

  async #openTrail(): Promise<ServiceTrail> {
    const trail = await openTrail(this.#config, {
      // As a text: the log blacks out members that are called like a secret, and its public key is one.
      onCheckpoint: (checkpoint) =>
        this.log.info({ checkpoint: JSON.stringify(checkpoint) }, 'the audit trail has come to here'),
      onFault: (error) => this.log.error({ error }, 'an old file or a checkpoint of the audit trail could not be kept'),
    })
    return new ServiceTrail(trail, {
      failure: this.#config.telemetry.audit_failure,
      onLost: (error, { event, requestId }) => {
        this.metrics.count('audit', 'lost')
        this.log.error({ error, event, requestId }, 'the audit trail has a gap')
      },
    })
  }

  #trailOfDecisions(): { readonly audit: ServiceTrail | null; readonly audited: 'all' | 'refused' } {
    return { audit: this.#audit, audited: this.#config.telemetry.audit_decisions }
  }

  /** Rejects while requests are refused since the audit trail cannot be written. */
  async auditAvailable(): Promise<void> {
    if (this.#config.telemetry.audit_failure === 'refuse') await this.#audit?.available()
  }

  /** What is worse than it should be while requests go on, for people. */
  faults(): readonly string[] {
    return [
      ...(this.#audit?.isFailing === true ? ['the audit trail loses lines'] : []),
      ...this.policy.faults(),
      ...(this.#spans?.faults() ?? []),
    ]
  }

  observe(received: Received, events: AsyncIterable<AgentEvent>): AsyncIterable<AgentEvent> {
    return this.#observe(received, this.#spans?.ofRun(received, events) ?? events)
  }

  /** Puts on the trail who asks, before anything runs for them. */
  async admitted({ requestId, principal, dataSource }: Admitted): Promise<void> {
    const { id, group } = principal
    await this.#audit?.append({ event: 'admitted', requestId, principal: id, group, source: dataSource })
  }

  /** A request that was refused before its work began, where no observer has begun with it. */
  async onRefusedRequest(refused: { readonly requestId: string; readonly code: string }): Promise<void> {
    await this.#audit?.append({ event: 'fault', ...refused })
  }

  observeStatement: ObserveStatement = (seen, work) => {
    const spans = this.#spans
    return this.#observeStatement(seen, spans === null ? work : () => spans.ofStatement(seen, work))
  }

  readonly executions: ObserveExecution = {
    program: (seen, work) => this.#observeExecution.program(seen, work),
    files: (seen, work) => this.#observeExecution.files(seen, work),
  }

  readonly held: ObserveHeld = {
    act: (seen, work) => this.#observeHeld.act(seen, work),
    made: (what) => this.#observeHeld.made(what),
  }

  observeCall: ObserveCall = (call, work) => this.#observeCall(call, this.#spans?.ofCall(work) ?? work)
  observeEndpointCall: ObserveEndpointCall = (call, work) =>
    this.#observeEndpointCall(call, this.#spans?.ofEndpointCall(work) ?? work)

  /** The answer of an upstream, unchanged; spans note when a stream begins. */
  observeAnswer(requestId: string, answer: UpstreamAnswer): UpstreamAnswer {
    return this.#spans?.ofAnswer(requestId, answer) ?? answer
  }

  /** A role that can do more than it should is used all the same, because the configuration says so. */
  onAcceptedExcess(
    source: string,
    { role, excess }: { readonly role: string; readonly excess: readonly string[] },
  ): void {
    this.log.warn({ source, role, excess }, 'the role can do more than read; accept_excess lets it be used')
  }

  /** Served all the same: what they hold are hashes and digests, and a start that fails would not mend it. */
  onExposedFiles(files: readonly string[]): void {
    if (files.length > 0) this.log.warn({ files }, 'others than their owner may read or write these files; chmod 600')
  }

  /** The storage was put back: what an operator has to accept is held. */
  onOtherTime(why: string): void {
    this.log.warn({ why }, 'the storage is of another time; "sallyport storage check" says what waits to be accepted')
  }

  /** How a file was read as a table, a sentence each. */
  onFileNotes(file: string, notes: readonly string[]): void {
    for (const note of notes) this.log.info(`${file}: ${note}`)
  }

  onSandboxEvent(event: SandboxEvent): void {
    observeSandbox({ log: this.log, metrics: this.metrics, audit: this.#audit, digests: this.#digests }, event)
  }

  onGateEvent(event: SqlGateEvent): void {
    this.metrics.count('sql-gate', event.kind)
    if (event.kind === 'second-opinion-cannot-parse') return
    this.log.warn({ source: event.source, event: event.kind }, 'the SQL gate refused for a reason of its own')
  }

  /** What may be shown of a fault stands in the answer; the log has the rest. The command line shows its own. */
  onRunFault(fault: ServiceError, requestId: string): void {
    const isOwn = fault.code === 'internal' || fault.code === 'invalid-config'
    const isError = this.#isService ? errorTable[fault.code].status >= 500 : isOwn
    this.log[isError ? 'error' : 'info']({ requestId, ...loggedFault(fault) }, 'a run failed')
  }

  /** A caller was answered with an error, in its status or within a stream. */
  onHttpFault(fault: ServiceError, requestId: string, by: 'callers' | 'operators' = 'callers'): void {
    this.metrics.refusal(fault.code)
    this.#spans?.requestFailed(requestId, fault.code)
    const isFault = errorTable[fault.code].status >= 500
    if (by === 'callers') this.#traffic.refused(isFault ? 'fault' : 'request', fault.code)
    const level = isFault ? 'error' : 'debug'
    this.log[level]({ requestId, ...loggedFault(fault) }, 'answered with an error')
  }

  onRequest(request: BegunRequest): void {
    this.#spans?.requestBegan(request)
  }

  onResponse(response: ResponseRecord): void {
    this.#spans?.requestEnded(response)
    const { path, route, milliseconds, ...record } = response
    this.metrics.response({ route, ...record })
    this.#traffic.answered(response)
    // Asked every few seconds, /readyz says no by 503; why is logged once for each look.
    const isError = record.status >= 500 && route !== '/readyz'
    if (!isError && !this.log.isLevelEnabled('info')) return
    // What was asked for where nothing is may be any text.
    const place = route ?? `unknown:${this.#digests?.of(path) ?? ''}`
    this.log[isError ? 'error' : 'info']({ ...record, durationMs: milliseconds, path: place }, 'response')
  }

  /** A request of this address had a credential that was nobody's. */
  onRefusedCredential(address: string): void {
    this.metrics.count('credentials', 'refused')
    this.#refusedCredentials.refused(address)
  }

  onFilterFailure(failure: FilterFailure): void {
    this.metrics.count('filters', 'failure')
    this.log.warn({ failure }, 'a detector failed')
  }

  onDetectorOutcome(detector: string, outcome: string): void {
    this.metrics.detectorCheck(detector, outcome)
  }

  onFilterDecisions(decisions: readonly { readonly effective: string }[]): void {
    for (const decision of decisions) this.metrics.count('filters', decision.effective)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#refusedCredentials[Symbol.dispose]()
    await Promise.all([this.#spans?.close(), this.#audit?.[Symbol.asyncDispose]()])
  }
}
