import { ServiceError } from '../../core/errors.ts'
import type { ResponseRecord } from '../../core/facts.ts'
import type { Identify } from '../../gateway/authenticate/authenticate.ts'
import type { Guesses } from '../../gateway/authenticate/guesses.ts'
import { createAddressOf } from '../../http/caller-address.ts'
import type { OnFault } from '../../http/errors.ts'
import { Listener } from '../../http/listener.ts'
import type { HttpOptions } from '../../http/options.ts'
import { createKnow } from '../caller.ts'
import { openApiOf } from '../openapi/document.ts'
import { adminContract, readDocument } from '../wire/admin/contract.ts'
import { createAdminApp, type AdminAppOptions } from './app.ts'
import { approvalRoutes } from './approvals.ts'
import { auditRoutes, type ReadableTrail } from './audit.ts'
import { groupRoutes } from './groups.ts'
import { answers, type AdminRoute } from './handlers.ts'
import { keyRoutes } from './keys.ts'
import { sandboxRoutes } from './sandboxes.ts'
import { shareRoutes } from './shares.ts'
import { suspensionRoutes } from './suspensions.ts'
import { limitRoutes } from './limits.ts'
import { modelRoutes } from './models.ts'
import { overviewRoutes, type OverviewParts } from './overview.ts'
import { policyRoutes } from './policy.ts'
import { sourceRoutes } from './sources.ts'
import { routeRoutes } from './routes.ts'
import { tuningRoutes } from './tuning.ts'
import { webLinkRoutes } from './web-links.ts'
import type { WebUse } from '../web/session-routes.ts'
import { createWebSurface } from '../web/web-surface.ts'
import { isLoopbackHost, type AdminOptions } from './options.ts'

/** What operators look at and change. */
export interface AdminParts {
  readonly keys: Parameters<typeof keyRoutes>[0]
  readonly groups: Parameters<typeof groupRoutes>[0]
  readonly limits: Parameters<typeof limitRoutes>[0]
  readonly suspensions: Parameters<typeof suspensionRoutes>[0]
  readonly sandboxes: Parameters<typeof sandboxRoutes>[0]
  readonly approvals: Parameters<typeof approvalRoutes>[0]
  readonly shares: Parameters<typeof shareRoutes>[0]
  /** What is said of the process beside what the other parts say. */
  readonly overview: Pick<OverviewParts, 'sumUpTraffic' | 'state' | 'now'>
  readonly policy: Parameters<typeof policyRoutes>[0]
  readonly models: Parameters<typeof modelRoutes>[0]
  readonly sources: Parameters<typeof sourceRoutes>[0]
  readonly tellRoute: Parameters<typeof routeRoutes>[0]
  readonly trail: ReadableTrail
  readonly tuning: Parameters<typeof tuningRoutes>[0]
  readonly links: Parameters<typeof webLinkRoutes>[0]
}

export interface AdminServerOptions extends AdminParts {
  readonly settings: AdminOptions
  /** Absent where no app is served. */
  readonly web?: WebUse | null
  /** Of the service's own listener: how connections are treated, and by which files they are encrypted. */
  readonly http: HttpOptions
  readonly identify: Identify
  /** Counts credentials that are nobody's, together with those of the service's own listener. */
  readonly guesses: Pick<Guesses, 'failed'>
  readonly onChange: AdminAppOptions['onChange']
  readonly onTlsReload: (fault: ServiceError | null) => void
  readonly onFault: OnFault
  readonly onResponse: (response: ResponseRecord) => void
}

/** Every route of the contract, each with what answers it. */
function routesOf(parts: AdminParts): readonly AdminRoute[] {
  const document = openApiOf(adminContract)
  return [
    answers(readDocument, async () => ({ ...document })),
    ...keyRoutes(parts.keys),
    ...groupRoutes(parts.groups),
    ...limitRoutes(parts.limits),
    ...routeRoutes(parts.tellRoute),
    ...suspensionRoutes(parts.suspensions),
    ...sandboxRoutes(parts.sandboxes),
    ...approvalRoutes(parts.approvals),
    ...shareRoutes(parts.shares),
    ...overviewRoutes({ ...parts, ...parts.overview }),
    ...policyRoutes(parts.policy),
    ...modelRoutes(parts.models),
    ...sourceRoutes(parts.sources),
    ...auditRoutes(parts.trail),
    ...tuningRoutes(parts.tuning),
    ...webLinkRoutes(parts.links),
  ]
}

/**
 * The listener of the operators' routes. Throws `invalid-config` for an address that others reach without TLS, and for files of
 * TLS that cannot be used.
 */
export function createAdminServer(options: AdminServerOptions): Listener {
  const { settings, http, onFault, onTlsReload, onResponse } = options
  if (!isLoopbackHost(settings.host) && http.tls === null) {
    throw new ServiceError('invalid-config', `admin.host is ${settings.host}, and http.tls is not set.`, {
      advice: 'Keep the routes for operators on loopback, or set http.tls: keys would be readable on the way.',
    })
  }
  const stopping = new AbortController()
  const addressOf = createAddressOf(http.trusted_proxies)
  const web = createWebSurface({
    ...options,
    listener: 'operators',
    addressOf,
    label: null,
    baseUrl: () => listener.url,
  })
  const answer = createAdminApp({
    know: createKnow({ ...options, addressOf, browser: web?.browser ?? null }),
    web,
    stallMilliseconds: http.reader_timeout_ms,
    routes: routesOf(options),
    names: [settings.host, ...settings.names],
    onChange: options.onChange,
    stopping: stopping.signal,
    onFault,
  })
  const listener = new Listener({
    settings: http,
    address: { host: settings.host, port: portOf(options) },
    answer,
    stopping,
    // No balancer asks here whether it is ready.
    graceMilliseconds: 0,
    onFault,
    onTlsReload,
    onResponse,
    refusal: {
      who: 'The routes for operators cannot',
      advice:
        'If a service runs here already ("sallyport doctor" says so), stop it, or give this one another http.port. Else choose another admin.port (it is the one after http.port where it is not set), or set admin.enabled: false.',
    },
  })
  return listener
}

function portOf({ settings, http }: Pick<AdminServerOptions, 'settings' | 'http'>): number {
  if (settings.port !== null) return settings.port
  return http.port === 0 ? 0 : Math.min(65_535, http.port + 1)
}
