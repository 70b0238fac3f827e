import { once } from 'node:events'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../core/errors.ts'
import type { ResponseRecord } from '../core/facts.ts'
import { createConnections } from './connections.ts'
import type { OnFault } from './errors.ts'
import type { HttpOptions } from './options.ts'
import { recordOf } from './response-record.ts'
import { TlsFiles } from './tls-files.ts'

export interface ListenerOptions {
  /** How connections are treated, by which files they are encrypted, and how long an end waits. */
  readonly settings: HttpOptions
  /** Where it listens; as the settings say where it is not named. */
  readonly address?: { readonly host: string; readonly port: number }
  readonly answer: RequestListener
  /** May a request take its connection for another protocol? */
  readonly mayUpgrade?: (request: IncomingMessage) => boolean
  /** Aborted where what runs has to end. */
  readonly stopping: AbortController
  readonly onFault: OnFault
  /** Told when changed files of TLS are taken, with null, and when they are not, with the reason. */
  readonly onTlsReload: (fault: ServiceError | null) => void
  /** Told of every request when its head has come. */
  readonly onRequest?: (request: IncomingMessage, requestId: string) => void
  /** Told of every response when it is over. */
  readonly onResponse?: (response: ResponseRecord) => void
  /** Resolves when nothing runs that no request waits for. */
  readonly idle?: () => Promise<unknown>
  /** Milliseconds for which it answers on while it says that it ends. */
  readonly graceMilliseconds: number
  /** Waits for so many milliseconds; a clock of the test's own there. */
  readonly wait?: ((milliseconds: number) => Promise<unknown>) | undefined
  /** What is said where the address cannot be listened on. */
  readonly refusal?: { readonly who: string; readonly advice: string }
}

/** Milliseconds aborted requests have to say so before their connections are cut. */
const lastWords = 2_000

const usualRefusal = {
  who: 'Cannot',
  advice:
    'Choose another http.port or http.host, or stop what listens there; "sallyport doctor" says whether it is a service that runs.',
}

/**
 * An address while it is listened on. Disposing drains: for a grace it says so and answers on, then it takes no new requests, and
 * running ones end or are aborted in time.
 */
export class Listener implements AsyncDisposable {
  readonly #options: ListenerOptions
  readonly #server: Server
  readonly #tls: TlsFiles | null
  readonly #running = new Set<ServerResponse>()
  #isDraining = false
  readonly #refusing = new AbortController()

  /** Throws `invalid-config` for files of TLS that cannot be used. */
  constructor(options: ListenerOptions) {
    this.#options = options
    const { settings, answer, onFault, onTlsReload: onReload } = options
    this.#tls = settings.tls === null ? null : new TlsFiles({ options: settings.tls, onReload })
    const begin = this.#begin.bind(this)
    this.#server = createConnections({ begin, answer, onFault, mayUpgrade: options.mayUpgrade }, settings, this.#tls)
  }

  /** Is no more work wanted? It is still taken. */
  get isDraining(): boolean {
    return this.#isDraining
  }

  /** Is no more work taken? */
  get isRefusing(): boolean {
    return this.#refusing.signal.aborted
  }

  /** Aborted from when no more work is taken: connections that wait for some may end. */
  get refusing(): AbortSignal {
    return this.#refusing.signal
  }

  /** The one that it has got, where any was asked for. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#address.port
  }

  /** `http://127.0.0.1:8080` */
  get url(): string {
    return this.urlOf(this.#address.host)
  }

  /** The same by another name of the host. */
  urlOf(host: string): string {
    return `${this.#tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${this.port}`
  }

  /** What is wrong with files of TLS that were to take the place of others; null where nothing is. */
  get tlsFault(): ServiceError | null {
    return this.#tls?.fault ?? null
  }

  /** Rejects with `invalid-config` when the address cannot be listened on. */
  async listen(): Promise<void> {
    const { host, port } = this.#address
    this.#server.listen({ host, port })
    try {
      await once(this.#server, 'listening')
    } catch (cause) {
      const { who, advice } = this.#options.refusal ?? usualRefusal
      const message = `${who} listen on ${host} port ${port}: ${(cause as Error).message}.`
      throw new ServiceError('invalid-config', message, { cause, advice })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDraining) return
    this.#isDraining = true
    this.#tls?.[Symbol.dispose]()
    const { settings, stopping, graceMilliseconds, wait = sleep } = this.#options
    // Whoever sends requests here asks /readyz now and then: until it has seen the 503, refusing would lose them.
    if (this.#server.listening && graceMilliseconds > 0) await wait(graceMilliseconds)
    this.#refusing.abort()
    const closed = this.#server.listening ? once(this.#server, 'close') : Promise.resolve()
    this.#server.close()
    if (!(await this.#areOver(settings.drain_ms))) {
      stopping.abort(new ServiceError('shutting-down', 'The service is shutting down and could wait no longer.'))
      await this.#areOver(lastWords)
    }
    this.#server.closeAllConnections()
    await closed
  }

  get #address(): { readonly host: string; readonly port: number } {
    return this.#options.address ?? this.#options.settings
  }

  #begin(request: IncomingMessage, response: ServerResponse, requestId: string): void {
    const start = performance.now()
    // Whoever keeps the connection would send the next request into a process that is about to end.
    if (this.#isDraining) response.setHeader('connection', 'close')
    this.#running.add(response)
    this.#options.onRequest?.(request, requestId)
    response.once('close', () => {
      this.#running.delete(response)
      this.#options.onResponse?.(recordOf({ request, response, requestId, start }))
    })
  }

  /** True when everything that runs is over within so many milliseconds. */
  async #areOver(milliseconds: number): Promise<boolean> {
    const late = new AbortController()
    const closed = [...this.#running].map((response) => once(response, 'close'))
    const over = Promise.all([this.#options.idle?.(), ...closed]).then(() => true)
    const timeout = sleep(milliseconds, false, { signal: late.signal }).catch(() => false)
    const isOver = await Promise.race([over, timeout])
    late.abort()
    return isOver
  }
}
