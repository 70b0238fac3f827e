import { quotaInMemory, tokensLeft } from '../quota-in-memory.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import type { KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { createGrantFor } from '../../../src/gateway/authorize/groups.ts'
import type { Quota } from '../../../src/gateway/admit/quota.ts'
import { ownedIdsInMemory } from './owned-ids-in-memory.ts'
import { gatewayOptions, judgeOptions } from '../../../src/gateway/options.ts'
import type { CallGuards } from '../../../src/gateway/actions/call-guard.ts'
import { attemptOptions } from '../../../src/gateway/calls/attempts/options.ts'
import { createRouting } from '../../../src/gateway/calls/routing/routing.ts'
import { createCallPipeline, type Dispatch } from '../../../src/gateway/pipeline.ts'
import { createDetectorsFor, type DetectorsFor } from '../../../src/gateway/privacy/detect/detectors.ts'
import { privacyOptions } from '../../../src/gateway/privacy/profiles/options.ts'
import type { Moderation } from '../../../src/gateway/moderate/moderation.ts'
import { noModeration } from '../../../src/gateway/moderate/no-moderation.ts'
import { createPrivacy } from '../../../src/gateway/privacy/privacy.ts'
import { TokenKeys } from '../../../src/gateway/privacy/keys/token-keys.ts'
import { createReporting } from '../../../src/gateway/privacy/receipts/reporting.ts'
import { ReportVault } from '../../../src/gateway/privacy/vault/report-vault.ts'
import { KeyRing } from '../../../src/sealed/key-ring.ts'
import { Vault } from '../../../src/gateway/privacy/vault/vault.ts'
import type { MaskedConversations } from '../../../src/core/masked-conversations.ts'
import type { MissReports, ReportNotice } from '../../../src/core/miss-reports.ts'
import { missReportsInMemory } from './miss-reports-in-memory.ts'
import { maskedConversationsInMemory } from './masked-conversations-in-memory.ts'
import type { HttpOptions } from '../../../src/http/options.ts'
import { openUpstreams } from '../../../src/models/upstreams/open-upstreams.ts'
import { upstreamsOptions } from '../../../src/models/upstreams/options.ts'
import { routesOptions } from '../../../src/models/routing/options.ts'
import { routesOf } from '../../../src/models/routing/routes.ts'
import { passedModels } from '../../../src/models/upstreams/passed-models.ts'
import { sandboxCeilings } from '../sandbox/sandbox-ceilings.ts'
import { key, startService, type TestService, type TestServiceOptions } from './http-service.ts'
import { canaries } from './upstream/canaries.ts'
import { UpstreamServer } from './upstream/upstream-server.ts'
import { allowsPayloads } from '../policy/allows-payloads.ts'

/** A second caller of the same group. */
export const otherKey = 'sp-other'

/** The second caller is of the group `other` where there is one. */
const keysOf = (hasOther: boolean) =>
  ({
    find: async (secret) => {
      const id = { [key]: 'k1', [otherKey]: 'k3' }[secret.reveal()]
      const group = id === 'k3' && hasOther ? 'other' : 'default'
      return id === undefined ? null : { id, kind: 'api-key', group }
    },
  }) as KeyStore

export interface PassServiceOptions {
  /** Of both upstreams, beyond the usual ones. */
  readonly upstream?: object
  readonly group?: object
  /** Settings of a group of the second caller's own. */
  readonly otherGroup?: object
  /** What the configuration says under `routes`. */
  readonly routes?: object
  /** What is done about upstreams that fail; without it each is asked once. */
  readonly attempts?: object
  /** What the configuration says under `privacy`. */
  readonly privacy?: object
  /** A million without it. */
  readonly tokensPerDay?: number
  readonly maskedConversations?: MaskedConversations
  readonly missReports?: MissReports
  /** What names answers, and takes what callers say of them; without it nothing does. */
  readonly complaints?: NonNullable<TestServiceOptions['complaints']>
  readonly settings?: Partial<HttpOptions>
  /** What filters the content of calls; without it nothing does. */
  readonly moderation?: Moderation
  /** What decides about the calls in answers; without it nothing does. */
  readonly guards?: CallGuards
  /** What the configuration says under `gateway.judge`. */
  readonly judge?: object
  /** What finds personal data, in place of the real detectors. */
  readonly detectorsFor?: DetectorsFor
  readonly tokenKeys?: () => Promise<TokenKeys>
}

export interface PassService extends AsyncDisposable {
  readonly service: TestService
  readonly openai: UpstreamServer
  readonly anthropic: UpstreamServer
  readonly quota: Quota
  /** What the audit trail is told of reports. */
  readonly notices: readonly ReportNotice[]
  /** Tokens of the first caller that are left today. */
  tokensLeft(): Promise<number>
}

/** The HTTP interface over the real stages and the real client of upstreams, in this process, before two test upstreams. */
export async function startPassService(options: PassServiceOptions = {}): Promise<PassService> {
  await using stack = new AsyncDisposableStack()
  const { tokensPerDay = 1_000_000 } = options
  const openai = stack.use(await UpstreamServer.start({ kind: 'openai' }))
  const anthropic = stack.use(await UpstreamServer.start({ kind: 'anthropic' }))
  const settings = { api_key: canaries.key, ...options.upstream }
  const upstreams = upstreamsOptions.parse({
    first: { kind: 'openai', base_url: openai.baseUrl, models: ['gpt-5', 'text-embedding-3-small'], ...settings },
    second: { kind: 'anthropic', base_url: anthropic.baseUrl, models: ['claude-sonnet-5'], ...settings },
  })
  const others = options.otherGroup === undefined ? {} : { other: { models: ['*'], ...options.otherGroup } }
  const { groups } = gatewayOptions.parse({ groups: { default: { models: ['*'], ...options.group }, ...others } })
  const keys = keysOf(options.otherGroup !== undefined)
  const routes = routesOf(routesOptions.parse(options.routes ?? {}), passedModels(upstreams))
  const quota = quotaInMemory({ concurrentRequests: 64, tokensPerDay })
  const opened = stack.use(await openUpstreams(upstreams))
  const privacySettings = privacyOptions.parse(options.privacy ?? {})
  const keyRing = async (): Promise<KeyRing> => {
    // Both are of the same key of the service.
    await options.tokenKeys?.()
    return new KeyRing(Buffer.alloc(32, 7), [])
  }
  const privacy = createPrivacy({
    options: privacySettings,
    detectorsFor: options.detectorsFor ?? createDetectorsFor(privacySettings),
    tokenKeys: options.tokenKeys ?? (async () => new TokenKeys(Buffer.alloc(32, 7))),
    vault: new Vault(options.maskedConversations ?? maskedConversationsInMemory(), keyRing),
    headersTo: opened.headersTo,
    regionOf: opened.regionOf,
  })
  const attempts = attemptOptions.parse({ retries: 0, ...options.attempts })
  const pipeline = createCallPipeline({
    attempts,
    routing: createRouting(routes, attempts),
    identify: createIdentify(keys),
    quota,
    payload: allowsPayloads,
    privacy,
    moderation: options.moderation ?? noModeration,
    guards: options.guards,
    nameAnswer: options.complaints?.nameAnswer,
    judge: options.judge === undefined ? null : judgeOptions.parse(options.judge),
    policy: {
      grantFor: createGrantFor({ groups, dataSources: [], models: [...routes.keys()], sandboxCeilings, processors: 8 }),
      routes,
      upstreamsOf: (kind) => (kind === 'openai' ? ['first'] : ['second']),
      ownedIds: ownedIdsInMemory(),
    },
  })
  const notices: ReportNotice[] = []
  const reporting = createReporting({
    receipts: privacy.receipts,
    vault: new ReportVault(options.missReports ?? missReportsInMemory(), keyRing),
    onReport: async (notice) => {
      notices.push(notice)
    },
  })
  const service = stack.use(
    await startService({
      identify: createIdentify(keys),
      settings: { ...options.settings },
      receipts: privacy.receipts,
      reporting,
      complaints: options.complaints ?? null,
      pass: async (call, deliver, signal) => {
        const dispatch: Dispatch = (admitted, callSignal) => opened.send(admitted.target, admitted, callSignal)
        await pipeline(call, { dispatch, deliver }, signal)
      },
    }),
  )
  const owned = stack.move()
  const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const
  return {
    service,
    openai,
    anthropic,
    quota,
    notices,
    tokensLeft: () => tokensLeft(quota, principal, tokensPerDay),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
