import { addressOf, payloadOf, type Call, type StreamCall } from './call.ts'
import { readEvents } from './read-events.ts'
import { errorFrom, errorOf, SallyportError } from './sallyport-error.ts'

export interface SallyportOptions {
  /** Where the service is, with its base path: `http://127.0.0.1:8080`. */
  readonly baseUrl: string
  /** A key, or how one is had for each attempt. */
  readonly apiKey: string | (() => string | Promise<string>)
  /** How often a call is repeated that can be: 2 without it. */
  readonly retries?: number
  /** In place of the one of the platform. */
  readonly fetch?: (address: string, init: RequestInit) => Promise<Response>
}

export interface CallOptions {
  /** Ends the call, and the program or the question with it. */
  readonly signal?: AbortSignal
  /** Of an operation that the service does once for each key: one's own, to ask again after a restart; a new one without it. */
  readonly idempotencyKey?: string
  /** Told of the answer before its body is read: its headers say where a conversation is kept, and what was ignored. */
  readonly onResponse?: (response: { readonly status: number; readonly headers: Headers }) => void
}

/** Longer than this nobody waits for what says when it can be asked again: the caller is told. */
const longestWaitMilliseconds = 30_000

/** Sends calls, and makes errors of what is no answer. Uses nothing but what browsers and other platforms have. */
export class Transport {
  readonly #baseUrl: string
  readonly #options: SallyportOptions

  constructor(options: SallyportOptions) {
    this.#baseUrl = baseUrlOf(options.baseUrl)
    this.#options = options
  }

  async json<Answer>(call: Call, options: CallOptions): Promise<Answer> {
    const response = await this.#send(call, { options, accept: 'application/json' })
    try {
      return (await response.json()) as Answer
    } catch (cause) {
      throw whyBroken(cause, options, { status: response.status, requestId: response.headers.get('x-request-id') })
    }
  }

  async nothing(call: Call, options: CallOptions): Promise<void> {
    const response = await this.#send(call, { options, accept: 'application/json' })
    letGo(response)
  }

  /** The answer itself, whose body the caller reads. */
  bytes(call: Call, options: CallOptions): Promise<Response> {
    return this.#send(call, { options, accept: '*/*' })
  }

  /** Events until the last one; rejects with what an event of an error says. */
  async *events<Event>(call: StreamCall, options: CallOptions): AsyncGenerator<Event> {
    const response = await this.#send(call, { options, accept: 'text/event-stream' })
    const about = { requestId: response.headers.get('x-request-id') }
    if (response.body === null || response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
      letGo(response)
      throw errorOf(null, { ...about, status: response.status })
    }
    try {
      for await (const data of readEvents(response.body)) {
        if (data === call.last) return
        const event = JSON.parse(data) as {
          readonly type?: unknown
          readonly error?: unknown
          readonly problem?: unknown
        }
        if (event.type === 'error') throw errorOf(event.problem, about)
        if (event.error !== undefined) throw errorOf(event.error, about)
        yield event as Event
        if (event.type === call.last) return
      }
    } catch (cause) {
      throw whyBroken(cause, options, about)
    }
    throw new SallyportError({ ...about, code: 'stream-cut', message: 'The stream ended before its last event.' })
  }

  /** A picture or a file by a link of an answer. The link is the permission, so no key goes with it, wherever it leads. */
  download(link: string, options: CallOptions): Promise<Response> {
    return this.#attempt(new URL(link, `${this.#baseUrl}/`).href, { method: 'GET' }, options)
  }

  async #send(call: Call, { options, accept }: { options: CallOptions; accept: string }): Promise<Response> {
    const address = addressOf(this.#baseUrl, call)
    const key = call.isIdempotent === true ? (options.idempotencyKey ?? newKey()) : null
    const canRepeat = call.method === 'GET' || key !== null
    const most = canRepeat ? (this.#options.retries ?? 2) : 0
    for (let attempt = 0; ; attempt += 1) {
      const { body, type } = payloadOf(call)
      const headers = new Headers({ accept, authorization: `Bearer ${await this.#apiKey()}` })
      if (type !== null) headers.set('content-type', type)
      if (key !== null) headers.set('idempotency-key', key)
      try {
        return await this.#attempt(address, { method: call.method, headers, body }, options)
      } catch (thrown) {
        const wait = waitAfter(thrown, attempt)
        if (wait === null || attempt >= most) throw thrown
        await sleep(wait, options.signal)
      }
    }
  }

  async #attempt(address: string, init: RequestInit, { signal, onResponse }: CallOptions): Promise<Response> {
    const ask = this.#options.fetch ?? fetch
    let response: Response
    try {
      // The service leads nowhere else; a key is not carried there.
      response = await ask(address, { ...init, redirect: 'manual', ...(signal === undefined ? {} : { signal }) })
    } catch (cause) {
      throw whyBroken(cause, signal === undefined ? {} : { signal }, {})
    }
    onResponse?.({ status: response.status, headers: response.headers })
    if (!response.ok) throw await errorFrom(response)
    return response
  }

  async #apiKey(): Promise<string> {
    const { apiKey } = this.#options
    const key = typeof apiKey === 'string' ? apiKey : await apiKey()
    // An error of the platform would repeat it.
    if (!/^[!-~]+$/.test(key)) throw new TypeError('apiKey: must be of visible ASCII characters. Is the variable set?')
    return key
  }
}

/** Waits for nobody: one who reads a copy of it may go on. */
function letGo({ body }: Response): void {
  body?.cancel().catch(() => undefined)
}

function baseUrlOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError('baseUrl: must be an address with http or https, such as http://127.0.0.1:8080.')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl: must have no credentials, no query and no fragment.')
  }
  return url.href.replace(/\/+$/, '')
}

/** The reason of the caller where the caller gave up, what is an error already, else that nobody was reached. */
function whyBroken(
  cause: unknown,
  { signal }: CallOptions,
  about: { status?: number; requestId?: string | null },
): unknown {
  if (signal?.aborted === true) return signal.reason
  if (cause instanceof SallyportError) return cause
  if (cause instanceof SyntaxError) return errorOf(null, { ...about, cause })
  const message = 'The service cannot be reached, or the connection to it broke.'
  return new SallyportError({ ...about, code: 'unreachable', message, cause })
}

/** Milliseconds after which a failed call may be asked again; null where it may not. */
function waitAfter(thrown: unknown, attempt: number): number | null {
  if (!(thrown instanceof SallyportError)) return null
  const { code, status, retryAfterMilliseconds } = thrown
  const says = [409, 429, 503].includes(status ?? 0) && retryAfterMilliseconds !== null
  if (says) return retryAfterMilliseconds > longestWaitMilliseconds ? null : retryAfterMilliseconds
  return code === 'unreachable' ? 250 * 2 ** attempt : null
}

/** Browsers have `randomUUID` only where a page is trusted, which one at a plain address is not. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
