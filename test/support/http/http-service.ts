import type { PassEndpointCall } from '../../../src/core/endpoint-call.ts'
import type { ResponseRecord } from '../../../src/core/facts.ts'
import type { AgentEvent } from '../../../src/core/events.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import { keyScopes, type KeyScope } from '../../../src/core/key-scopes.ts'
import type { Received } from '../../../src/core/request.ts'
import { createIdentify, type Identify } from '../../../src/gateway/authenticate/authenticate.ts'
import { Guesses } from '../../../src/gateway/authenticate/guesses.ts'
import type { KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { httpOptions, type HttpOptions } from '../../../src/http/options.ts'
import type { CheckAction } from '../../../src/gateway/check-action.ts'
import type { CheckContent } from '../../../src/gateway/check-content.ts'
import type { ApprovalDesk } from '../../../src/gateway/authorize/approvals/approval-desk.ts'
import type { SessionService } from '../../../src/surfaces/native/sessions.ts'
import type { ReadableReceipts } from '../../../src/surfaces/native/privacy-receipts.ts'
import type { Reporting } from '../../../src/gateway/privacy/receipts/reporting.ts'
import type { Searching } from '../../../src/gateway/privacy/vault/searching.ts'
import type { PassCall } from '../../../src/surfaces/calls/pass-call.ts'
import type { ExecutionService, SessionFiles } from '../../../src/surfaces/executions.ts'
import type { SandboxService } from '../../../src/surfaces/e2b/sandbox-service.ts'
import type { StatementService } from '../../../src/surfaces/native/sql.ts'
import type { ResponseHistory } from '../../../src/surfaces/openai/responses/own-responses.ts'
import { createHeldObserver } from '../../../src/telemetry/held-observer.ts'
import { noMetrics } from '../../../src/telemetry/no-metrics.ts'
import { HttpServer, type HttpServerOptions, type McpUse } from '../../../src/surfaces/server.ts'
import { delta, end, replay } from '../agent-events.ts'

export const key = 'sp-test'
export const monitoringKey = 'sp-monitoring'
/** A key whose only scope is the one in its name: `sp-only-sql`. */
export const onlyKey = (scope: KeyScope) => `sp-only-${scope}`

const keys = {
  find: async (secret) => {
    const scope = keyScopes.find((each) => onlyKey(each) === secret.reveal())
    if (scope !== undefined) return { id: scope, kind: 'api-key', group: 'monitoring', scopes: [scope] }
    const [id, group] = { [key]: ['k1', 'default'], [monitoringKey]: ['k2', 'monitoring'] }[secret.reveal()] ?? []
    return id === undefined || group === undefined ? null : { id, kind: 'api-key', group }
  },
} as KeyStore

export interface TestServiceOptions {
  readonly events?: readonly AgentEvent[]
  /** Nothing can be kept where it is absent. */
  readonly responseHistory?: ResponseHistory
  readonly answer?: (received: Received, signal: AbortSignal) => AsyncIterable<AgentEvent>
  readonly pass?: PassCall
  readonly passToEndpoint?: PassEndpointCall
  readonly receipts?: ReadableReceipts
  readonly reporting?: Reporting
  readonly searching?: Searching
  readonly identify?: Identify
  readonly mostGuesses?: number
  readonly checkContent?: CheckContent
  readonly checkAction?: CheckAction
  readonly statements?: StatementService
  readonly executions?: ExecutionService
  readonly programs?: ExecutionService & SessionFiles
  readonly sandboxes?: SandboxService
  readonly sessions?: SessionService
  readonly mcp?: Partial<McpUse>
  readonly history?: HttpServerOptions['history']
  readonly approvals?: ApprovalDesk
  readonly settings?: Partial<HttpOptions>
  readonly web?: HttpServerOptions['web']
  readonly complaints?: HttpServerOptions['complaints']
  readonly label?: string | null
  readonly ready?: boolean
  readonly wait?: (milliseconds: number) => Promise<unknown>
}

export interface TestService extends AsyncDisposable {
  readonly server: HttpServer
  readonly url: string
  readonly faults: ServiceError[]
  /** Of files of TLS: null where they were taken, else why not. */
  readonly reloads: readonly (string | null)[]
  readonly responses: ResponseRecord[]
  /** Faults of callers whose credential is valid: `k1 refused`. */
  readonly callerFaults: readonly string[]
  /** What the answerer was called with. */
  readonly received: Received[]
  post(body: unknown, headers?: Record<string, string>, path?: string): Promise<Response>
}

const noPrograms: ExecutionService & SessionFiles = {
  run: () => Promise.reject(new Error('the fake runs no programs')),
  putFile: () => Promise.reject(new Error('the fake takes no files')),
  listFiles: async () => [],
  readFile: () => Promise.reject(new Error('the fake has no files')),
  deleteFile: () => Promise.reject(new Error('the fake has no files')),
}

const noSandboxes: SandboxService = {
  longestLifetimeMilliseconds: 60_000,
  size: { cpus: 1, memory_mb: 1, data_mb: 1 },
  open: () => Promise.reject(new Error('the fake opens no sandboxes')),
  list: async () => [],
  find: async () => null,
  endIn: () => Promise.reject(new Error('the fake has no sandboxes')),
  close: () => Promise.reject(new Error('the fake has no sandboxes')),
  restart: () => Promise.reject(new Error('the fake has no sandboxes')),
  copyFiles: () => Promise.reject(new Error('the fake has no sandboxes')),
  moveFiles: () => Promise.reject(new Error('the fake has no sandboxes')),
}

const noHistory = {
  conversations: { showRun: async () => null, begin: () => Promise.reject(new Error('the fake keeps nothing')) },
  files: {},
} as unknown as ResponseHistory

/** The HTTP interface on a free port, over an answerer that replays events. */
export async function startService(options: TestServiceOptions = {}): Promise<TestService> {
  const faults: ServiceError[] = []
  const responses: ResponseRecord[] = []
  const reloads: (string | null)[] = []
  const received: Received[] = []
  const callerFaults: string[] = []
  const answer = options.answer ?? (() => replay(options.events ?? [delta('Fine.'), end()]))
  const server = new HttpServer({
    settings: httpOptions.parse({ port: 0, drain_ms: 200, drain_grace_ms: 0, ...options.settings }),
    answer: (request, signal) => {
      received.push(request)
      return answer(request, signal)
    },
    responseHistory: options.responseHistory ?? noHistory,
    pass: options.pass ?? (() => Promise.reject(new ServiceError('model-not-found', 'The fake has no other models.'))),
    passToEndpoint: options.passToEndpoint ?? null,
    receipts: options.receipts ?? { of: () => null },
    reporting: options.reporting ?? { report: () => Promise.reject(new Error('the fake takes no reports')) },
    searching: options.searching ?? {
      find: () => Promise.reject(new Error('the fake searches nothing')),
      forget: () => Promise.reject(new Error('the fake forgets nothing')),
    },
    checkAction: options.checkAction ?? (() => Promise.reject(new Error('the fake checks no actions'))),
    checkContent: options.checkContent ?? (() => Promise.reject(new Error('the fake checks no content'))),
    sources: {
      list: async () => [],
      look: () => Promise.reject(new Error('the fake has no sources')),
    },
    statements: options.statements ?? {
      run: () => Promise.reject(new Error('the fake runs no statements')),
      check: () => Promise.reject(new Error('the fake checks no statements')),
    },
    executions: options.executions ?? noPrograms,
    programs: options.programs ?? noPrograms,
    sandboxes: options.sandboxes ?? noSandboxes,
    approvals: options.approvals ?? {
      list: async () => [],
      show: () => Promise.reject(new Error('the fake has no approvals')),
      decide: () => Promise.reject(new Error('the fake decides no approvals')),
    },
    mcp: {
      describe: () => Promise.reject(new Error('the fake describes nothing')),
      files: {
        putFile: () => Promise.reject(new Error('the fake takes no files')),
        listFiles: () => Promise.reject(new Error('the fake lists no files')),
        readFile: () => Promise.reject(new Error('the fake reads no files')),
      },
      grantFor: () => Promise.reject(new Error('the fake grants nothing')),
      onCall: () => Promise.reject(new Error('the fake has no trail')),
      issuers: [],
      version: '0.0.0',
      ...options.mcp,
    },
    defusesFormulas: true,
    observe: createHeldObserver({ metrics: noMetrics, trail: null }),
    sessions: options.sessions ?? {
      open: () => Promise.reject(new Error('the fake opens no sessions')),
      list: async () => [],
      find: async () => null,
      close: () => Promise.reject(new Error('the fake closes no sessions')),
    },
    ...(options.history === undefined ? {} : { history: options.history }),
    complaints: options.complaints ?? null,
    identify: options.identify ?? createIdentify(keys),
    web: options.web ?? null,
    guesses: new Guesses({ most: options.mostGuesses ?? 20, windowMilliseconds: 60_000 }),
    modelsFor: async () => [
      { id: 'analyst', ownedBy: 'demo' },
      { id: 'analyst:shop', ownedBy: 'demo' },
    ],
    label: options.label ?? null,
    readiness: async () => ({ ready: options.ready ?? true, detail: 'all parts answer' }),
    metrics: {
      contentType: 'text/plain; version=0.0.4',
      mayRead: async ({ group }) => group === 'monitoring',
      text: async () => 'requests_total 1\n',
    },
    ...(options.wait === undefined ? {} : { wait: options.wait }),
    onTlsReload: (fault) => reloads.push(fault?.message ?? null),
    onFault: (error) => faults.push(error),
    onCallerFault: ({ id }, code) => callerFaults.push(`${id} ${code}`),
    onResponse: (record) => responses.push(record),
  })
  await server.listen()
  const { url } = server
  return {
    server,
    url,
    faults,
    reloads,
    responses,
    received,
    callerFaults,
    post: (body, headers = {}, path = '/v1/chat/completions') =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
        body: typeof body === 'string' || Buffer.isBuffer(body) ? (body as string) : JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export const question = { model: 'analyst', messages: [{ role: 'user', content: 'How many orders?' }] }
