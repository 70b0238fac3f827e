import { bytesOf } from '../core/sizes.ts'
import type { BegunRequest, ObserveHeld, ResponseRecord } from '../core/facts.ts'
import type { RequestListener } from 'node:http'
import type { PassEndpointCall } from '../core/endpoint-call.ts'
import type { ErrorCode } from '../core/error-table.ts'
import type { ServiceError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { RequestKeys } from '../core/request-keys.ts'
import type { Identify } from '../gateway/authenticate/authenticate.ts'
import type { Guesses } from '../gateway/authenticate/guesses.ts'
import type { NameAnswer } from '../core/complaints.ts'
import { complainingNowhere, type Complaining } from '../feedback/complaints/complaining.ts'
import type { Searching } from '../gateway/privacy/vault/searching.ts'
import type { Reporting } from '../gateway/privacy/receipts/reporting.ts'
import type { Answerer } from '../gateway/pipeline.ts'
import type { PassCall } from './calls/pass-call.ts'
import { createApp } from './app.ts'
import { createKnow } from './caller.ts'
import { createAddressOf, createTraceparentOf } from '../http/caller-address.ts'
import { AnsweredCallers } from './answered-callers.ts'
import { ArtifactStore } from './artifact-store.ts'
import type { CheckUse } from './check-routes.ts'
import { FileLinks, type LinksGiven } from './file-links.ts'
import type { HistoryUse } from './history-routes.ts'
import { createFront } from '../http/front.ts'
import { setOwnHeaders } from '../http/own-headers.ts'
import { createRepeatedRequests } from './idempotency/repeated-requests.ts'
import { answerError, type OnFault } from '../http/errors.ts'
import { Listener } from '../http/listener.ts'
import type { HttpOptions } from '../http/options.ts'
import type { MetricsSource } from './native/health.ts'
import type { ReadableReceipts } from './native/privacy-receipts.ts'
import type { ReadinessState } from './native/readiness.ts'
import type { ResponseHistory } from './openai/responses/own-responses.ts'
import { keptContainersOf } from './openai/containers/kept-containers.ts'
import { responsesOf, type ServedParts } from './openai/responses/responses-of.ts'
import type { ModelsFor } from './models.ts'
import type { GrantFor } from '../gateway/authorize/policy.ts'
import type { McpServerParts } from './mcp/server-for.ts'
import { createMcpSettings } from './mcp/settings.ts'
import type { McpUseCases } from './mcp/use-cases.ts'
import type { ApprovalDesk } from '../gateway/authorize/approvals/approval-desk.ts'
import type { SessionService } from './native/sessions.ts'
import type { ExecutionService, SessionFiles } from './executions.ts'
import type { SourceService } from './native/sources.ts'
import type { StatementService } from './native/sql.ts'
import { KnownSandboxes } from './e2b/known-sandboxes.ts'
import type { SandboxService } from './e2b/sandbox-service.ts'
import { mayBecomeChannels } from './jupyter/channels.ts'
import { Logins } from './jupyter/logins.ts'
import { RunningCells } from './jupyter/running-cells.ts'
import type { CodeUploads } from './librechat/librechat-options.ts'
import { OpenedSessions } from './librechat/opened-sessions.ts'
import type { WebUse } from './web/session-routes.ts'
import { createWebSurface } from './web/web-surface.ts'

/** What tools over MCP need beside the use cases of the other interfaces. */
export interface McpUse extends Pick<McpUseCases, 'describe' | 'files'>, Pick<McpServerParts, 'onCall' | 'version'> {
  readonly grantFor: GrantFor
  /** Issuers of tokens that are taken. */
  readonly issuers: readonly string[]
}

export interface HttpServerOptions extends Pick<ServedParts, 'containers'>, CheckUse {
  readonly settings: HttpOptions
  readonly answer: Answerer
  /** Where responses of the service's own model are kept. */
  readonly responseHistory: ResponseHistory
  readonly pass: PassCall
  /** Absent where no endpoint is configured. */
  readonly passToEndpoint?: PassEndpointCall | null
  readonly receipts: ReadableReceipts
  readonly reporting: Reporting
  readonly searching: Searching
  /** Absent where nobody listens to what callers say of answers; then these have no names, either. */
  readonly complaints?: { readonly complaining: Complaining; readonly nameAnswer: NameAnswer } | null
  /** Absent where one process serves. */
  readonly requestKeys?: RequestKeys | null
  readonly statements: StatementService
  readonly sources: SourceService
  readonly executions: ExecutionService
  readonly programs: ExecutionService & SessionFiles
  readonly sandboxes: SandboxService
  readonly sessions: SessionService
  readonly observe: ObserveHeld
  /** Do tables that programs and runs made leave with cells that begin formulas defused? */
  readonly defusesFormulas: boolean
  /** Absent where nothing is kept of callers. */
  readonly history?: Omit<HistoryUse, 'links'> & { readonly links: LinksGiven }
  /** Absent where nothing is kept of callers. */
  readonly codeUploads?: CodeUploads
  readonly approvals: ApprovalDesk
  /** Absent where no app is served. */
  readonly web?: WebUse | null
  readonly mcp: McpUse
  readonly identify: Identify
  /** Counts credentials that are nobody's. */
  readonly guesses: Pick<Guesses, 'failed'>
  readonly modelsFor: ModelsFor
  /** Said before every answer, e.g. that the model is scripted; null for none. */
  readonly label: string | null
  readonly readiness: () => Promise<ReadinessState>
  readonly metrics: MetricsSource
  /** Told when changed files of TLS are taken, with null, and when they are not, with the reason. */
  readonly onTlsReload: (fault: ServiceError | null) => void
  readonly onFault?: OnFault
  /** Told of every fault that a caller whose credential is valid was answered with. */
  readonly onCallerFault?: (principal: Principal, code: ErrorCode) => void
  /** Told of every request when its head has come. */
  readonly onRequest?: (request: BegunRequest) => void
  /** Told of every response when it is over. */
  readonly onResponse?: (response: ResponseRecord) => void
  /** Waits for so many milliseconds; a clock of the test's own there. */
  readonly wait?: (milliseconds: number) => Promise<unknown>
}

/**
 * The HTTP interface while it listens. Disposing drains: for a grace it says so and answers on, then it takes no new
 * requests, and running ones end or are aborted in time.
 */
export class HttpServer implements AsyncDisposable {
  readonly #settings: HttpOptions
  readonly #listener: Listener
  readonly #stopping = new AbortController()

  constructor(options: HttpServerOptions) {
    const { settings } = options
    this.#settings = settings
    const callers = new AnsweredCallers((principal, code) => options.onCallerFault?.(principal, code))
    const onFault: OnFault = (error, requestId) => {
      callers.faulted(requestId, error.code)
      options.onFault?.(error, requestId)
    }
    const baseUrl = () => this.url
    const maximumBytes = bytesOf.mb(settings.artifact_mb)
    const artifacts = new ArtifactStore({ timeToLiveMilliseconds: settings.artifact_ttl_ms, maximumBytes, baseUrl })
    const addressOf = createAddressOf(settings.trusted_proxies)
    const links = options.history && new FileLinks({ ...options.history.links, baseUrl: () => this.url })
    const linkOnce = artifacts.put.bind(artifacts)
    const serving = { artifacts, links, stopping: this.#stopping.signal, onFault }
    const responses = responsesOf(options, serving)
    const running = {
      programs: options.programs,
      sandboxes: options.sandboxes,
      onFault,
      stopping: this.#stopping.signal,
      stallMilliseconds: settings.reader_timeout_ms,
      bodyLimitBytes: bytesOf.mb(settings.body_limit_mb),
      observe: options.observe,
    }
    const web = createWebSurface({ ...options, listener: 'service', http: settings, addressOf, baseUrl, onFault })
    const app = createApp({
      know: createKnow({
        ...options,
        addressOf,
        browser: web?.browser ?? null,
        onKnown: callers.known.bind(callers),
      }),
      modelsFor: options.modelsFor,
      readiness: options.readiness,
      metrics: options.metrics,
      artifacts,
      sql: {
        statements: options.statements,
        stopping: this.#stopping.signal,
        stallMilliseconds: settings.reader_timeout_ms,
      },
      sources: options.sources,
      execute: {
        executions: options.executions,
        containers: options.containers ?? null,
        observe: options.observe,
        linkFor: linkOnce,
        defusesFormulas: options.defusesFormulas,
        stopping: this.#stopping.signal,
        heartbeatMilliseconds: settings.heartbeat_ms,
        stallMilliseconds: settings.reader_timeout_ms,
        onFault,
      },
      e2b: {
        ...running,
        known: new KnownSandboxes(),
        countGuess: (request) => options.guesses.failed(addressOf(request)),
        identify: options.identify,
      },
      jupyter: {
        ...running,
        sessions: options.sessions,
        logins: new Logins(),
        running: new RunningCells(),
        linkFor: linkOnce,
        baseUrl,
        refusing: () => this.#listener.refusing,
        heartbeatMilliseconds: settings.heartbeat_ms,
      },
      librechat:
        options.codeUploads === undefined
          ? null
          : {
              ...running,
              ...options.codeUploads,
              sessions: options.sessions,
              opened: new OpenedSessions(options.sessions, options.codeUploads),
            },
      sessions: options.sessions,
      observe: options.observe,
      history: options.history === undefined || links === undefined ? null : { ...options.history, links },
      containers: keptContainersOf(options),
      approvals: options.approvals,
      web,
      mcp: createMcpSettings({ ...options, ...options.mcp }, { settings, baseUrl: () => this.url }),
      receipts: options.receipts,
      reporting: options.reporting,
      searching: options.searching,
      complaining: options.complaints?.complaining ?? complainingNowhere,
      checkContent: options.checkContent,
      checkAction: options.checkAction,
      repeated: createRepeatedRequests(settings.idempotency, options.requestKeys ?? null),
      baseUrl: () => this.url,
      bodyLimitBytes: bytesOf.mb(settings.body_limit_mb),
      modelBodyLimitBytes: bytesOf.mb(settings.model_body_limit_mb),
      calls: {
        pass: options.pass,
        stallMilliseconds: settings.reader_timeout_ms,
        stopping: this.#stopping.signal,
        onFault,
      },
      endpoints: options.passToEndpoint ? { pass: options.passToEndpoint } : null,
      isDraining: () => this.#listener.isDraining,
      isRefusing: () => this.#listener.isRefusing,
      onFault,
      responses,
      chat: {
        ...responses,
        nameAnswer: options.complaints?.nameAnswer,
        linkFor: (owner, artifact) => links?.toArtifact(artifact) ?? linkOnce(owner, artifact),
      },
    })
    const traceparentOf = createTraceparentOf(settings.trusted_proxies)
    this.#listener = new Listener({
      settings,
      answer: inFront(settings, app, onFault),
      mayUpgrade: mayBecomeChannels,
      stopping: this.#stopping,
      graceMilliseconds: settings.drain_grace_ms,
      wait: options.wait,
      onFault,
      onTlsReload: options.onTlsReload,
      onRequest: (request, requestId) => {
        callers.begin(requestId, request)
        options.onRequest?.({
          requestId,
          method: request.method ?? '',
          scheme: settings.tls === null ? 'http' : 'https',
          traceparent: traceparentOf(request),
        })
      },
      onResponse: (response) => {
        callers.end(response.requestId)
        options.onResponse?.(response)
      },
      idle: () => responses.responses.idle(),
    })
  }

  /** `http://127.0.0.1:8080`, or the configured base address, without a trailing slash. */
  get url(): string {
    if (this.#settings.base_url !== null) return this.#settings.base_url.replace(/\/+$/, '')
    const { host } = this.#settings
    return `${this.#listener.urlOf(host === '0.0.0.0' || host === '::' ? 'localhost' : host)}${this.#settings.base_path ?? ''}`
  }

  /** What is wrong with files that were to take the place of others, in a few words; none where all is well. */
  get faults(): readonly string[] {
    return this.#listener.tlsFault === null ? [] : ['the files of http.tls are not taken, those before them are in use']
  }

  get port(): number {
    return this.#listener.port
  }

  /** Rejects with `invalid-config` when the address cannot be listened on. */
  listen(): Promise<void> {
    return this.#listener.listen()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#listener[Symbol.asyncDispose]()
  }
}

function inFront({ base_path: basePath, cors }: HttpOptions, app: RequestListener, onFault: OnFault): RequestListener {
  const refuse: Parameters<typeof createFront>[0]['refuse'] = (error, request, response) => {
    setOwnHeaders(response)
    answerError(error, { request, response }, { onFault, bodyFor: () => (problem) => problem })
  }
  return createFront({ basePath, cors, refuse }, app)
}
