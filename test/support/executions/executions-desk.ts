import { PendingWork } from '../../../src/concurrency/pending-work.ts'
import type { ExecutionReceived, ExecutionRequest } from '../../../src/core/execution.ts'
import type { Artifact } from '../../../src/core/result.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { FilterProfile } from '../../../src/filters/profile.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import type { KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import type { ActionPolicy } from '../../../src/gateway/authorize/action-policy.ts'
import { createGrantFor } from '../../../src/gateway/authorize/groups.ts'
import { createExecutionAuthorizer } from '../../../src/gateway/executions.ts'
import { gatewayOptions } from '../../../src/gateway/options.ts'
import { createScreenerFor } from '../../../src/gateway/screen/screener-for.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { Executions } from '../../../src/service/executions.ts'
import { SessionStore } from '../../../src/sessions/session-store.ts'
import { createExecutionObserver } from '../../../src/telemetry/execution-observer.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { noMetrics } from '../../../src/telemetry/no-metrics.ts'
import { createCodeValidators } from '../../../src/validators/code-validators.ts'
import { codeValidatorOptions } from '../../../src/validators/options.ts'
import { chain, limits } from '../filters/filter-fixtures.ts'
import { quotaInMemory } from '../quota-in-memory.ts'
import { cellResult } from '../sandbox/cell-result.ts'
import { sandboxCeilings } from '../sandbox/sandbox-ceilings.ts'

/** A sandbox that a test decides about. */
export interface FakeSandbox extends Sandbox {
  alive: boolean
  readonly contents: Map<string, Uint8Array>
  readonly ran: string[]
  removed: boolean
}

export function fakeSandbox(run: Sandbox['run']): FakeSandbox {
  const contents = new Map<string, Uint8Array>()
  const ran: string[] = []
  const artifact = (path: string): Artifact => ({ path, bytes: contents.get(path)?.byteLength ?? 0 })
  return {
    id: 'sbx-1',
    driver: 'runsc',
    missingWalls: [],
    alive: true,
    removed: false,
    contents,
    ran,
    run: async (code, options, signal) => {
      ran.push(code.text)
      return run(code, options, signal)
    },
    files: {
      put: async (path, content) => {
        const chunks: Uint8Array[] = []
        for await (const chunk of content) chunks.push(chunk)
        contents.set(path, Buffer.concat(chunks))
        return artifact(path)
      },
      list: async () => [...contents.keys()].map(artifact),
      get: async function* (path) {
        yield contents.get(path) ?? new Uint8Array()
      },
      delete: async (path) => void contents.delete(path),
    },
    async [Symbol.asyncDispose]() {
      this.removed = true
    },
  }
}

interface DeskOptions {
  readonly run?: Sandbox['run']
  readonly mayRun?: ActionPolicy
  readonly profile?: FilterProfile
  /** Of what its callers may use. */
  readonly quota?: readonly object[]
}

/** The use case over sandboxes of the test, with the real stages around it; any key is known, and each is a caller of its own. */
export function openExecutions({
  run = async () => cellResult(),
  mayRun = async () => null,
  profile,
  quota = [],
}: DeskOptions = {}) {
  const sandboxes: FakeSandbox[] = []
  const removals = new PendingWork()
  const { groups } = gatewayOptions.parse({
    groups: { default: { tools: ['run_python', 'run_shell', 'run_javascript'], sandbox: { wall_ms: 5_000 } } },
  })
  const keys = {
    find: async (secret) => ({ id: secret.reveal(), kind: 'api-key', group: 'default' }),
  } as KeyStore
  const sessions = new SessionStore<Sandbox>({
    claim: async () => {
      const sandbox = fakeSandbox(run)
      sandboxes.push(sandbox)
      return sandbox
    },
    idleMilliseconds: 60_000,
    maximumPerTenant: 4,
  })
  const executions = new Executions({
    authorize: createExecutionAuthorizer({
      identify: createIdentify(keys),
      grantFor: createGrantFor({ groups, dataSources: [], models: ['analyst'], sandboxCeilings, processors: 8 }),
      quota: quotaInMemory({ concurrentRequests: 10, tokensPerDay: 1_000, limits: quota }),
      screenerFor: createScreenerFor({ chain, limits, profiles: profile === undefined ? {} : { default: profile } }),
      tellRefused: async () => {},
    }),
    observe: createExecutionObserver({ log: createLog({ level: 'silent' }), metrics: noMetrics, trail: null }),
    mayRun,
    sessions,
    validators: createCodeValidators(codeValidatorOptions.parse({})),
    defaultMilliseconds: 3_000,
    onRemoval: (removal) => removals.add(removal),
  })
  return {
    executions,
    sessions,
    sandboxes,
    async [Symbol.asyncDispose]() {
      await sessions[Symbol.asyncDispose]()
      await removals[Symbol.asyncDispose]()
    },
  }
}

export const fromCaller = (key = 'anna', sessionId: string | null = null): ExecutionReceived => ({
  requestId: 'r1',
  channel: 'http',
  credential: new Secret(key),
  sessionId,
})

export const program = (changes: Partial<ExecutionRequest> = {}): ExecutionRequest => ({
  language: 'python',
  code: 'print(1)',
  timeoutMilliseconds: null,
  bringsFiles: false,
  ...changes,
})
