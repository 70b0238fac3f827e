import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turnOver } from 'node:timers/promises'
import { anthropicUpstream } from './anthropic-upstream.ts'
import { canaries } from './canaries.ts'
import { openAiUpstream } from './openai-upstream.ts'
import type { ProviderApi } from './provider-api.ts'
import type { RecordedRequest } from './recorded-request.ts'
import type { Served } from './served.ts'
import { upstreamFaults, type UpstreamFault } from './upstream-faults.ts'

const apis = { openai: openAiUpstream, anthropic: anthropicUpstream } as const

export interface UpstreamServerOptions {
  readonly kind: keyof typeof apis
  /** Key that it takes; null for an endpoint that asks for none. */
  readonly key?: string | null
  /** Where in its host it stands; the usual requests are read without it. */
  readonly prefix?: string
}

/**
 * An endpoint of a provider that answers as the real one does, or in one of the ways in which endpoints fail. Records
 * each request as it arrived.
 */
export class UpstreamServer implements AsyncDisposable {
  readonly requests: RecordedRequest[] = []
  /** How it fails from now on; null while it does not. */
  fault: UpstreamFault | null = null
  /** Answers in place of the API, where a test wants bytes of its own. */
  answer: ((request: RecordedRequest) => Served) | null = null
  /** Of the one event of many megabytes. */
  megabytes = 8
  /** Where its redirects lead. */
  elsewhere = 'http://127.0.0.1:9'
  readonly #kind: UpstreamServerOptions['kind']
  readonly #key: string | null
  readonly #prefix: string
  #api: ProviderApi
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  private constructor({ kind, key = canaries.key, prefix = '' }: UpstreamServerOptions) {
    this.#kind = kind
    this.#api = apis[kind]()
    this.#key = key
    this.#prefix = prefix
  }

  static async start(options: UpstreamServerOptions): Promise<UpstreamServer> {
    const server = new UpstreamServer(options)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Without `/v1`. */
  get origin(): string {
    return `http://${this.host}${this.#prefix}`
  }

  get baseUrl(): string {
    return `${this.origin}/v1`
  }

  /** As it was when it started, under the same address: nothing kept, nothing recorded. Ids count on behind `from`. */
  startOver(from = 0): void {
    this.#api = apis[this.#kind](from)
    this.requests.length = 0
    this.fault = null
    this.answer = null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', rawHeaders } = incoming
    const path = url.startsWith(this.#prefix) ? url.slice(this.#prefix.length) : url
    const early = this.#earlyAnswer({ method, path, rawHeaders, body: Buffer.alloc(0), isAbandoned: false })
    const chunks: Buffer[] = []
    if (early === null) {
      try {
        for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
      } catch {
        // Whoever asked went away in the middle of the request, which is recorded as far as it came.
      }
    }
    const request: RecordedRequest = { method, path, rawHeaders, body: Buffer.concat(chunks), isAbandoned: false }
    this.requests.push(request)
    response.on('close', () => {
      request.isAbandoned = !response.writableFinished
    })
    response.on('error', () => {})
    await play(early ?? this.#served(request), response)
  }

  #earlyAnswer(request: RecordedRequest): Served | null {
    if (this.fault === null) return null
    const served: Served = this.fault === 'answer before the body was read' ? this.#served(request) : { steps: [] }
    return served.isEarly === true ? served : null
  }

  #served(request: RecordedRequest): Served {
    if (this.answer !== null) return this.answer(request)
    if (this.fault !== null) {
      const { elsewhere, megabytes } = this
      return upstreamFaults[this.fault]({ request, api: this.#api, elsewhere, megabytes })
    }
    if (this.#key !== null && !this.#api.isKnown(request, this.#key)) {
      return this.#api.fault(401, 'Incorrect API key provided.')
    }
    return this.#api.answer(request)
  }
}

async function play({ steps }: Served, response: ServerResponse): Promise<void> {
  for (const step of steps) {
    if (response.destroyed) return
    if (step.do === 'stay-silent') return
    if (step.do === 'reset') return void response.socket?.resetAndDestroy()
    if (step.do === 'head') {
      response.writeHead(step.status, step.headers)
      // The head goes out by itself, as it does where a model still thinks.
      response.flushHeaders()
    }
    if (step.do === 'write') await written(response, step.bytes)
    if (step.do === 'repeat') for (let time = 0; time < step.times; time += 1) await written(response, step.bytes)
    // Each write reaches the wire as a chunk of its own.
    await turnOver()
  }
  response.end()
}

/** Waits for whoever reads slowly. */
async function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  if (response.destroyed || response.write(bytes)) return
  const either = new AbortController()
  const { signal } = either
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
  either.abort()
}
