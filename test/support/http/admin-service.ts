import { join } from 'node:path'
import type { Approvals } from '../../../src/core/approvals.ts'
import type { OperatorChange } from '../../../src/core/facts.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { KeyScope } from '../../../src/core/key-scopes.ts'
import { createLimitsFor } from '../../../src/gateway/admit/limits.ts'
import { createStandingsOf } from '../../../src/gateway/admit/standings.ts'
import { createLimitKeeper } from '../../../src/service/limits.ts'
import { createRefuseSuspended } from '../../../src/gateway/abuse/refuse-suspended.ts'
import { onceUntilFailure } from '../../../src/concurrency/once-until-failure.ts'
import type { SumUpTraffic } from '../../../src/core/traffic.ts'
import type { QuotaLedger } from '../../../src/core/quotas.ts'
import { createOperatorApprovals } from '../../../src/gateway/authorize/approvals/operator-desk.ts'
import { createDecide } from '../../../src/gateway/authorize/decide.ts'
import { openPolicyEngine } from '../../../src/gateway/authorize/open-policy.ts'
import { policyOptions } from '../../../src/gateway/authorize/options.ts'
import { createPolicyDesk } from '../../../src/gateway/authorize/policy-desk.ts'
import { createGrantFor } from '../../../src/gateway/authorize/groups.ts'
import { attemptOptions } from '../../../src/gateway/calls/attempts/options.ts'
import { createExplainCall } from '../../../src/gateway/calls/routing/explain-call.ts'
import { createRouting } from '../../../src/gateway/calls/routing/routing.ts'
import { createCallerOf } from '../../../src/service/caller-of.ts'
import { createTellRoute } from '../../../src/service/route-teller.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import { Guesses } from '../../../src/gateway/authenticate/guesses.ts'
import { createKeyStore, type KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { gatewayOptions, groupsInForce } from '../../../src/gateway/options.ts'
import { httpOptions, type TlsOptions } from '../../../src/http/options.ts'
import { createKeyKeeper } from '../../../src/service/api-keys.ts'
import { createLinkKeeper } from '../../../src/service/sign-in-links.ts'
import { createSuspensionKeeper, type SuspensionKeeper } from '../../../src/service/suspensions.ts'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions, type StorageConfig } from '../../../src/storage/options.ts'
import { createAdminServer } from '../../../src/surfaces/admin/admin-server.ts'
import type { ReadableTrail } from '../../../src/surfaces/admin/audit.ts'
import { adminOptions, type AdminOptions } from '../../../src/surfaces/admin/options.ts'
import type { SandboxOperations } from '../../../src/core/sandbox-operations.ts'
import type { WebUse } from '../../../src/surfaces/web/session-routes.ts'
import { createOperatorShares } from '../../../src/service/shares/operator-shares.ts'
import type { ShareVault } from '../../../src/sealed/share-vault.ts'
import { keptShares, type OwnShare } from '../sharing/kept-share.ts'
import { noTuning } from '../cli/fake-sallyport.ts'
import type { TuningCurves } from '../../../src/feedback/curves/tuning-curves.ts'
import type { TuningKeeper } from '../../../src/service/tuning-keeper.ts'
import { approvalsInMemory } from '../policy/approvals-in-memory.ts'
import { routeTarget, routeTo } from '../route-to.ts'
import { sandboxCeilings } from '../sandbox/sandbox-ceilings.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { exampleModels, exampleTraffic, linksDouble, sandboxesDouble, sourcesDouble } from './operator-doubles.ts'

export interface AdminServiceOptions {
  /** A new file where it is absent. */
  readonly storage?: StorageConfig
  readonly settings?: Partial<AdminOptions>
  readonly tls?: TlsOptions
  readonly groups?: object
  readonly trail?: Partial<ReadableTrail>
  readonly tuning?: Partial<TuningKeeper & TuningCurves>
  readonly sandboxes?: SandboxOperations
  readonly approvals?: Approvals
  readonly sumUpTraffic?: SumUpTraffic
  /** Of the key; admin where it is absent. */
  readonly scopes?: readonly KeyScope[]
  /** What whoever asks for a key is answered with, in place of an answer. */
  readonly fault?: Error
  /** The trail of changes cannot be written. */
  readonly isTrailBroken?: boolean
  readonly mostGuesses?: number
  /** What it has for browsers, with their sessions. */
  readonly web?: WebUse
}

export interface AdminService extends AsyncDisposable {
  readonly url: string
  /** A key for operators, and its id. */
  readonly key: string
  readonly keyId: string
  readonly keys: KeyStore
  readonly suspensions: SuspensionKeeper
  readonly approvals: Approvals
  readonly quotas: QuotaLedger
  readonly changes: readonly OperatorChange[]
  /** What the trail was told of approvals, and which ones the process was told are decided, in their order. */
  readonly approvalEvents: readonly string[]
  /** What the log is told of requests that were answered with an error. */
  readonly faults: readonly { readonly error: ServiceError; readonly requestId: string }[]
  readonly shares: ShareVault
  /** Keeps a share of a conversation of its own, as its maker does; its id. */
  makeShare(own?: OwnShare): Promise<string>
  makeKey(scopes: readonly KeyScope[]): Promise<string>
  /** With the key, unless headers say otherwise. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
}

export function embeddedStorage(): StorageConfig {
  const folder = temporaryFolder('sallyport-admin-')
  return { storage: storageOptions.parse({ path: join(folder, 'sallyport.db') }), state_directory: folder }
}

const emptyTrail: ReadableTrail = {
  async *search() {},
  newest: async () => [],
  verify: async () => ({ verdict: 'intact', entries: 0, first: 1, last_hash: '0'.repeat(64), signatures: null }),
}

/** The routes for operators on a free port, over a storage. */
export async function startAdmin(options: AdminServiceOptions = {}): Promise<AdminService> {
  await using stack = new AsyncDisposableStack()
  const storage = stack.use(await openStorage(options.storage ?? embeddedStorage(), { for: 'service' }))
  const keys = createKeyStore({ storage: async () => storage })
  const groups = groupsInForce(gatewayOptions.parse(options.groups === undefined ? {} : { groups: options.groups }))
  const keeper = createSuspensionKeeper({ suspensions: storage.suspensions, keys, now: Date.now })
  const routes = new Map([['m', routeTo('m', routeTarget({ upstream: 'one', model: 'm', renamed: false }))]])
  const all = { models: ['m'] }
  const policy = {
    routes,
    grantFor: createGrantFor({
      groups: Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, Object.assign({}, group, all)])),
      dataSources: [],
      models: ['m'],
      sandboxCeilings,
      processors: 8,
    }),
    upstreamsOf: () => ['one'],
    ownedIds: storage.ownedIds,
  }
  const shares = keptShares(storage)
  const changes: OperatorChange[] = []
  const approvals = options.approvals ?? approvalsInMemory()
  const approvalEvents: string[] = []
  const engine = onceUntilFailure(() => openPolicyEngine(policyOptions.parse({})))
  const faults: AdminService['faults'][number][] = []
  const { fault } = options
  const refuseSuspended = createRefuseSuspended({ suspensions: storage.suspensions, now: Date.now })
  const identify = createIdentify(keys, { refuseSuspended, browsers: options.web?.signIns ?? null })
  const server = stack.use(
    createAdminServer({
      settings: adminOptions.parse({ port: 0, ...options.settings }),
      web: options.web ?? null,
      http: httpOptions.parse({ port: 0, drain_ms: 200, tls: options.tls ?? null }),
      identify: fault === undefined ? identify : () => Promise.reject(fault),
      guesses: new Guesses({ most: options.mostGuesses ?? 20, windowMilliseconds: 60_000 }),
      keys: createKeyKeeper(keys, Object.keys(groups)),
      groups,
      limits: createLimitKeeper({
        standingsOf: createStandingsOf(createLimitsFor(groups), storage.quotas),
        keys,
        groups,
      }),
      tellRoute: createTellRoute({
        explain: createExplainCall(policy, createRouting(policy.routes, attemptOptions.parse({}))),
        callerOf: createCallerOf({ keys, groups: Object.keys(groups) }),
        groups: Object.keys(groups),
      }),
      suspensions: keeper,
      links: createLinkKeeper({
        signIns: options.web?.signIns ?? linksDouble,
        addressOf: (listener) => (listener === 'operators' ? 'http://127.0.0.1:8081' : 'http://127.0.0.1:8080'),
        group: 'default',
        groups: Object.keys(groups),
      }),
      trail: { ...emptyTrail, ...options.trail },
      tuning: { ...noTuning, ...options.tuning },
      overview: {
        sumUpTraffic: options.sumUpTraffic ?? (() => exampleTraffic),
        state: async () => ({ ready: true, detail: 'sandboxes can be had' }),
        now: () => Date.parse('2026-11-30T12:00:00Z'),
      },
      policy: createPolicyDesk({
        options: policyOptions.parse({}),
        engine,
        decide: createDecide({ engine, deadlineMilliseconds: 10_000 }),
        faults: () => [],
      }),
      models: () => exampleModels,
      sources: sourcesDouble,
      sandboxes: options.sandboxes ?? sandboxesDouble(),
      approvals: createOperatorApprovals({
        approvals: async () => approvals,
        tell: async (event, { id }, { by }) => void approvalEvents.push(`${event} ${id} by ${by}`),
        onDecided: (id) => void approvalEvents.push(`decided ${id}`),
      }),
      shares: createOperatorShares(shares.vault),
      onChange: async (change) => {
        if (options.isTrailBroken === true) throw new ServiceError('service-unavailable', 'The trail is full.')
        changes.push(change)
      },
      onTlsReload: () => undefined,
      onFault: (error, requestId) => void faults.push({ error, requestId }),
      onResponse: () => undefined,
    }),
  )
  await server.listen()
  const made = await keys.create('operator', 'default', { scopes: options.scopes ?? ['admin'] })
  const key = made.key.reveal()
  const opened = stack.move()
  return {
    url: server.url,
    key,
    keyId: made.stored.id,
    keys,
    suspensions: keeper,
    quotas: storage.quotas,
    approvals,
    shares: shares.vault,
    makeShare: (own) => shares.keep(own),
    changes,
    approvalEvents,
    faults,
    makeKey: async (scopes) => (await keys.create('other', 'default', { scopes })).key.reveal(),
    ask: (method, path, body, headers = {}) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
