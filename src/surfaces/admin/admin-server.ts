import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ServiceError } from '../../core/errors.ts'
import type { ResponseRecord } from '../../core/facts.ts'
import type { Identify } from '../../gateway/authenticate/authenticate.ts'
import type { Guesses } from '../../gateway/authenticate/guesses.ts'
import { createAddressOf } from '../../http/caller-address.ts'
import { createConnections } from '../../http/connections.ts'
import type { OnFault } from '../../http/errors.ts'
import type { HttpOptions } from '../../http/options.ts'
import { recordOf } from '../../http/response-record.ts'
import { TlsFiles } from '../../http/tls-files.ts'
import { createKnow } from '../caller.ts'
import { openApiOf } from '../openapi/document.ts'
import { adminContract, readDocument } from '../wire/admin/contract.ts'
import { createAdminApp, type AdminAppOptions } from './app.ts'
import { auditRoutes, type ReadableTrail } from './audit.ts'
import { groupRoutes } from './groups.ts'
import { answers, type AdminRoute } from './handlers.ts'
import { keyRoutes } from './keys.ts'
import { suspensionRoutes } from './suspensions.ts'
import { limitRoutes } from './limits.ts'
import { routeRoutes } from './routes.ts'
import { isLoopbackHost, type AdminOptions } from './options.ts'

/** What operators look at and change. */
export interface AdminParts {
  readonly keys: Parameters<typeof keyRoutes>[0]
  readonly groups: Parameters<typeof groupRoutes>[0]
  readonly limits: Parameters<typeof limitRoutes>[0]
  readonly suspensions: Parameters<typeof suspensionRoutes>[0]
  readonly tellRoute: Parameters<typeof routeRoutes>[0]
  readonly trail: ReadableTrail
}

export interface AdminServerOptions extends AdminParts {
  readonly settings: AdminOptions
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
    ...auditRoutes(parts.trail),
  ]
}

/** The listener of the operators' routes. Disposing lets requests end that run, for a while, and takes no others. */
export class AdminServer implements AsyncDisposable {
  readonly #options: AdminServerOptions
  readonly #server: Server
  readonly #tls: TlsFiles | null
  readonly #stopping = new AbortController()
  readonly #running = new Set<ServerResponse>()

  /** Throws `invalid-config` for an address that others reach without TLS, and for files of TLS that cannot be used. */
  constructor(options: AdminServerOptions) {
    this.#options = options
    const { settings, http } = options
    if (!isLoopbackHost(settings.host) && http.tls === null) {
      throw new ServiceError('invalid-config', `admin.host is ${settings.host}, and http.tls is not set.`, {
        advice: 'Keep the routes for operators on loopback, or set http.tls: keys would be readable on the way.',
      })
    }
    const answer = createAdminApp({
      know: createKnow({ ...options, addressOf: createAddressOf(http.trusted_proxies) }),
      routes: routesOf(options),
      names: [settings.host, ...settings.names],
      onChange: options.onChange,
      stopping: this.#stopping.signal,
      onFault: options.onFault,
    })
    this.#tls = http.tls === null ? null : new TlsFiles({ options: http.tls, onReload: options.onTlsReload })
    const begin = this.#begin.bind(this)
    this.#server = createConnections({ begin, answer, onFault: options.onFault }, http, this.#tls)
  }

  /** `http://127.0.0.1:8081` */
  get url(): string {
    const { host } = this.#options.settings
    const name = host.includes(':') ? `[${host}]` : host
    const { port } = this.#server.address() as AddressInfo
    return `${this.#tls === null ? 'http' : 'https'}://${name}:${port}`
  }

  /** Rejects with `invalid-config` when the address cannot be listened on. */
  async listen(): Promise<void> {
    const { host } = this.#options.settings
    const port = portOf(this.#options)
    this.#server.listen({ host, port })
    try {
      await once(this.#server, 'listening')
    } catch (cause) {
      const message = `The routes for operators cannot listen on ${host} port ${port}: ${(cause as Error).message}.`
      throw new ServiceError('invalid-config', message, {
        cause,
        advice:
          'Choose another admin.port (it is the one after http.port where it is not set), or set admin.enabled: false.',
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tls?.[Symbol.dispose]()
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    const limit = setTimeout(() => this.#end(), this.#options.http.drain_ms)
    await Promise.all([...this.#running].map((response) => once(response, 'close')))
    clearTimeout(limit)
    this.#end()
    await closed
  }

  #end(): void {
    this.#stopping.abort(new ServiceError('shutting-down', 'The service is shutting down and could wait no longer.'))
    this.#server.closeAllConnections()
  }

  #begin(request: IncomingMessage, response: ServerResponse, requestId: string): void {
    const start = performance.now()
    this.#running.add(response)
    response.once('close', () => {
      this.#running.delete(response)
      this.#options.onResponse(recordOf({ request, response, requestId, start }))
    })
  }
}

function portOf({ settings, http }: Pick<AdminServerOptions, 'settings' | 'http'>): number {
  if (settings.port !== null) return settings.port
  return http.port === 0 ? 0 : Math.min(65_535, http.port + 1)
}
