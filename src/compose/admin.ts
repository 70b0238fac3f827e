import type { Config } from '../config/schema.ts'
import type { SandboxOperations } from '../core/sandbox-operations.ts'
import { createLimitsFor } from '../gateway/admit/limits.ts'
import { createStandingsOf } from '../gateway/admit/standings.ts'
import type { Identify } from '../gateway/authenticate/authenticate.ts'
import type { Guesses } from '../gateway/authenticate/guesses.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import type { PolicyDesk } from '../gateway/authorize/policy-desk.ts'
import { createListModels } from '../gateway/calls/routing/listed-models.ts'
import type { DecisionWatch } from '../gateway/authorize/approvals/decision-watch.ts'
import { createOperatorApprovals } from '../gateway/authorize/approvals/operator-desk.ts'
import { groupsInForce } from '../gateway/options.ts'
import type { HttpServerOptions } from '../surfaces/server.ts'
import { createKeyKeeper } from '../service/api-keys.ts'
import { createCallerOf } from '../service/caller-of.ts'
import { createTellRoute } from '../service/route-teller.ts'
import { createLimitKeeper } from '../service/limits.ts'
import type { ShareVault } from '../sealed/share-vault.ts'
import type { ApprovalVault } from '../sealed/approval-vault.ts'
import type { Model } from '../models/model.ts'
import type { Route } from '../models/routing/routes.ts'
import type { Storage } from '../storage/storage.ts'
import { createOperatorShares } from '../service/shares/operator-shares.ts'
import { createSourceOversight } from '../service/source-oversight.ts'
import { createLinkKeeper } from '../service/sign-in-links.ts'
import { createSuspensionKeeper } from '../service/suspensions.ts'
import type { Listener } from '../http/listener.ts'
import { createAdminServer } from '../surfaces/admin/admin-server.ts'
import type { Sources } from '../sources/sources.ts'
import type { Readiness } from '../surfaces/native/readiness.ts'
import type { WebUse } from '../surfaces/web/session-routes.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Calls } from './calls.ts'
import type { ContentFilters } from './content-filters.ts'
import { createServedTuning } from './tuning-keeping.ts'
import { createReadableTrail } from './readable-trail.ts'

interface AdminParts {
  readonly config: Config
  readonly keys: KeyStore
  readonly storage: Storage
  readonly content: ContentFilters
  readonly identify: Identify
  readonly guesses: Pick<Guesses, 'failed'>
  readonly telemetry: Telemetry
  readonly web: WebUse | null
  /** Where callers reach the service, once it listens. */
  readonly serviceUrl: () => string
  readonly sandboxes: SandboxOperations
  readonly model: Model
  readonly routes: ReadonlyMap<string, Route>
  readonly calls: Pick<Calls, 'explain' | 'breakerOf'>
  readonly policyDesk: PolicyDesk
  readonly analysis: () => Promise<{ readonly sources: Sources }>
  readonly readiness: Pick<Readiness, 'state'>
  readonly approvals: () => Promise<ApprovalVault>
  readonly history: { readonly shares: ShareVault }
  readonly decisions: Pick<DecisionWatch, 'decided'>
  readonly onTlsReload: HttpServerOptions['onTlsReload']
}

/** The routes for operators while they are served; null where they are off. */
export async function openAdmin(parts: AdminParts): Promise<Listener | null> {
  const { config, keys, storage, content, identify, guesses, telemetry, web, onTlsReload } = parts
  const { sumUpTraffic } = telemetry
  const { explain, breakerOf } = parts.calls
  if (!config.admin.enabled) return null
  const groups = groupsInForce(config.gateway)
  const names = Object.keys(groups)
  const server = createAdminServer({
    settings: config.admin,
    web,
    http: config.http,
    identify,
    guesses,
    keys: createKeyKeeper(keys, names),
    groups,
    limits: createLimitKeeper({
      standingsOf: createStandingsOf(createLimitsFor(groups), storage.quotas),
      keys,
      groups,
    }),
    tellRoute: createTellRoute({ explain, callerOf: createCallerOf({ keys, groups: names }), groups: names }),
    overview: { sumUpTraffic, state: () => parts.readiness.state(), now: Date.now },
    policy: parts.policyDesk,
    models: createListModels({ ...parts, breakerOf, sumUpTraffic }),
    sources: createSourceOversight({ config, groups, sources: async () => (await parts.analysis()).sources }),
    sandboxes: parts.sandboxes,
    approvals: createOperatorApprovals({
      approvals: parts.approvals,
      tell: (event, approval, about) => telemetry.notices.onApproval(event, approval, about),
      onDecided: (id) => parts.decisions.decided(id),
    }),
    shares: createOperatorShares(parts.history.shares),
    suspensions: createSuspensionKeeper({ suspensions: storage.suspensions, keys, now: Date.now }),
    links: createLinkKeeper({
      signIns: web?.signIns ?? null,
      addressOf: (listener) => (listener === 'operators' ? server.url : parts.serviceUrl()),
      group: config.web.link_group,
      groups: names,
    }),
    trail: createReadableTrail(config),
    tuning: createServedTuning({ config, storage, content, telemetry }),
    onChange: (change) => telemetry.notices.onAdminChange(change),
    onTlsReload,
    onFault: (error, requestId) => telemetry.onHttpFault(error, requestId, 'operators'),
    onResponse: (response) => telemetry.onResponse(response),
  })
  await server.listen()
  return server
}
