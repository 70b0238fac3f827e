import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type ServerOptions as SecureServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

type WireValue =
  | { readonly stringValue: string }
  | { readonly intValue: number | string }
  | { readonly doubleValue: number }
  | { readonly boolValue: boolean }
  | { readonly arrayValue: { readonly values: readonly WireValue[] } }

interface WireSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: WireValue }[]
  readonly status: { readonly code: number; readonly message?: string }
}

interface WireBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: WireSpan['attributes'] }
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[]
  }[]
}

export interface ReceivedSpan extends Omit<WireSpan, 'attributes'> {
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Takes spans by OTLP over HTTP as JSON, as a collector does, and keeps every byte of it. */
export class SpanReceiver implements AsyncDisposable {
  /** Answers with it from now on. */
  status = 200
  readonly headers: IncomingMessage['headers'][] = []
  readonly bodies: string[] = []
  readonly #server: Server
  readonly #scheme: 'http' | 'https'

  private constructor(tls: SecureServerOptions | null) {
    const answer = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response)
    this.#server = tls === null ? createServer(answer) : createSecureServer(tls, answer)
    this.#scheme = tls === null ? 'http' : 'https'
  }

  /** With options of TLS it takes encrypted connections alone. */
  static async start(tls: SecureServerOptions | null = null): Promise<SpanReceiver> {
    const receiver = new SpanReceiver(tls)
    receiver.#server.listen(0, '127.0.0.1')
    await once(receiver.#server, 'listening')
    return receiver
  }

  get endpoint(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/traces`
  }

  get spans(): readonly ReceivedSpan[] {
    const resources = this.bodies.flatMap((body) => (JSON.parse(body) as WireBody).resourceSpans)
    return resources
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
      .map(({ attributes, ...span }) => Object.assign(span, { attributes: plain(attributes) }))
  }

  /** Of the service, in each batch. */
  get resources(): readonly Readonly<Record<string, unknown>>[] {
    return this.bodies.flatMap((body) =>
      (JSON.parse(body) as WireBody).resourceSpans.map(({ resource }) => plain(resource.attributes)),
    )
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
    this.headers.push(request.headers)
    const bytes = Buffer.concat(pieces)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
    if (this.status === 200) this.bodies.push(body.toString('utf8'))
    response.writeHead(this.status, { 'content-type': 'application/json' })
    response.end('{}')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function plain(attributes: WireSpan['attributes']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]))
}

function plainValue(value: WireValue): unknown {
  if ('arrayValue' in value) return value.arrayValue.values.map(plainValue)
  if ('intValue' in value) return Number(value.intValue)
  return Object.values(value)[0]
}
