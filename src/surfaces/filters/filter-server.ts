import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../../core/errors.ts'
import type { ResponseRecord } from '../../core/facts.ts'
import { bytesOf } from '../../core/sizes.ts'
import { createConnections } from '../../http/connections.ts'
import type { HttpOptions } from '../../http/options.ts'
import { recordOf } from '../../http/response-record.ts'
import { TlsFiles } from '../../http/tls-files.ts'
import { createFilterApp, type FilterAppOptions } from './filter-app.ts'

export interface FilterServerOptions extends Pick<
  FilterAppOptions,
  'key' | 'check' | 'readiness' | 'metrics' | 'onFault'
> {
  readonly settings: HttpOptions
  readonly onTlsReload: (fault: ServiceError | null) => void
  readonly onResponse: (response: ResponseRecord) => void
}

/** Milliseconds aborted checks have to say so before their connections are cut. */
const lastWords = 2_000

/**
 * The listener of a process of filters. Disposing drains: for a grace it says so at `/readyz` and answers on, then it takes no
 * new checks, and those that run end or are aborted in time.
 */
export class FilterServer implements AsyncDisposable {
  readonly #settings: HttpOptions
  readonly #server: Server
  readonly #tls: TlsFiles | null
  readonly #stopping = new AbortController()
  readonly #running = new Set<ServerResponse>()
  #isDraining = false
  #isRefusing = false

  constructor(options: FilterServerOptions) {
    const { settings, onFault, onResponse } = options
    this.#settings = settings
    const answer = createFilterApp({
      ...options,
      // The texts of a call, with what stands around each of them, and what the model was told.
      bodyLimitBytes: 4 * bytesOf.mb(settings.model_body_limit_mb),
      stopping: this.#stopping.signal,
      isDraining: () => this.#isDraining,
      isRefusing: () => this.#isRefusing,
    })
    this.#tls = settings.tls === null ? null : new TlsFiles({ options: settings.tls, onReload: options.onTlsReload })
    const handlers = {
      begin: (request: Parameters<typeof answer>[0], response: ServerResponse, requestId: string): void => {
        const start = performance.now()
        // Whoever keeps the connection would send the next check into a process that is about to end.
        if (this.#isDraining) response.setHeader('connection', 'close')
        this.#running.add(response)
        response.once('close', () => {
          this.#running.delete(response)
          onResponse(recordOf({ request, response, requestId, start }))
        })
      },
      answer,
      onFault,
    }
    this.#server = createConnections(handlers, settings, this.#tls)
  }

  /** `http://127.0.0.1:8080` */
  get url(): string {
    const { host } = this.#settings
    const { port } = this.#server.address() as AddressInfo
    return `${this.#tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  }

  /** Rejects with `invalid-config` when the address cannot be listened on. */
  async listen(): Promise<void> {
    const { host, port } = this.#settings
    this.#server.listen({ host, port })
    try {
      await once(this.#server, 'listening')
    } catch (cause) {
      throw new ServiceError('invalid-config', `Cannot listen on ${host} port ${port}: ${(cause as Error).message}.`, {
        cause,
        advice: 'Choose another http.port or http.host, or stop what listens there.',
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDraining) return
    this.#isDraining = true
    this.#tls?.[Symbol.dispose]()
    const { drain_grace_ms: grace, drain_ms: most } = this.#settings
    // Whoever sends checks here asks /readyz now and then: until it has seen the 503, refusing would lose them.
    if (grace > 0) await sleep(grace)
    this.#isRefusing = true
    const closed = once(this.#server, 'close')
    this.#server.close()
    if (!(await this.#areOver(most))) {
      this.#stopping.abort(new ServiceError('shutting-down', 'The process is shutting down and could wait no longer.'))
      await this.#areOver(lastWords)
    }
    this.#server.closeAllConnections()
    await closed
  }

  /** True when every running exchange is over within `milliseconds`. */
  async #areOver(milliseconds: number): Promise<boolean> {
    if (this.#running.size === 0) return true
    const late = new AbortController()
    const over = Promise.all([...this.#running].map((response) => once(response, 'close'))).then(() => true)
    const timeout = sleep(milliseconds, false, { signal: late.signal }).catch(() => false)
    const isOver = await Promise.race([over, timeout])
    late.abort()
    return isOver
  }
}
