import type { Readable } from 'node:stream'
import { Pool } from 'undici'
import type { Carry } from '../../core/carried.ts'
import type { UpstreamAnswer } from '../../core/model-call.ts'
import { bytesOf } from '../../core/sizes.ts'
import { carried } from './carried.ts'
import { answerFault, busyFault, connectionFault, lateFault, protocolFault } from './faults.ts'
import type { Answered, AnsweredHead } from '../../outgoing/exchange.ts'
import { Exchanges } from '../../outgoing/exchanges.ts'
import { requestFilter, responseFilter, type HeaderFilter } from './headers.ts'
import type { UpstreamOptions } from './options.ts'
import { plainBody, wholeBody } from './plain-body.ts'
import type { TrustFiles } from '../../outgoing/trust-files.ts'
import type { UpstreamPlace } from './words-of-upstream.ts'

/** A call as it is sent; `headers` are the caller's own, of which the upstream's list lets some through. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly headers: readonly string[]
  readonly body: Buffer | null
  /** Takes the place of the upstream's own connections. */
  readonly carry?: Carry
}

/** One configured upstream: its connections, its key, what of headers passes. */
export interface Upstream extends AsyncDisposable {
  readonly name: string
  readonly kind: UpstreamOptions['kind']
  /**
   * Sends once and never again by itself; follows no redirect. Rejects with a ServiceError for everything but an answer
   * of success.
   */
  send(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamAnswer>
}

/** How much of the body of a failed answer is read, in bytes, and how long it may take, in milliseconds. */
const failedBytes = 16_384
const failedMilliseconds = 5_000

/** Milliseconds an idle connection is kept: shorter than the five seconds after which many servers close theirs. */
const keepAliveMilliseconds = 4_000

function credentialOf({ kind, api_key: key }: UpstreamOptions): readonly string[] {
  if (key === undefined) return []
  return kind === 'anthropic' ? ['x-api-key', key.reveal()] : ['authorization', `Bearer ${key.reveal()}`]
}

export function createUpstream(name: string, options: UpstreamOptions, trust: TrustFiles): Upstream {
  const base = new URL(options.base_url)
  const prefix = base.pathname.replace(/\/+$/, '')
  const place = { name, host: base.host, prefix: prefix.replace(/\/v1$/, ''), apiKey: options.api_key ?? null }
  const pool = new Pool(base.origin, {
    connections: options.connections,
    headersTimeout: options.timeout_ms,
    bodyTimeout: options.idle_timeout_ms,
    keepAliveTimeout: keepAliveMilliseconds,
    connect: { timeout: Math.min(10_000, options.timeout_ms), ...trust },
  })
  const passRequest = requestFilter(options)
  const passResponse = responseFilter(options)
  // An encoded answer could not be read on the way.
  const own = [...credentialOf(options), 'accept-encoding', 'identity', 'accept', 'application/json, text/event-stream']
  const maximumBytes = bytesOf.mb(options.answer_limit_mb)
  const gather = ({ status, raw }: AnsweredHead): number | null => {
    if (status === 204 || (status >= 200 && status <= 299 && headerOf(raw, 'content-length') === '0')) return 0
    if (status < 200 || status > 299 || (headerOf(raw, 'content-encoding') ?? 'identity') !== 'identity') return null
    return kindOf(headerOf(raw, 'content-type') ?? '') === 'json' ? maximumBytes : null
  }
  const exchanges = new Exchanges(pool, {
    connections: options.connections,
    waiting: options.waiting,
    rules: {
      gather,
      tooLong: () => protocolFault(place, `more than ${maximumBytes} bytes`),
      timeoutMilliseconds: options.timeout_ms,
      tooLate: () => lateFault(place),
    },
    busy: () => busyFault(place),
  })
  return {
    name,
    kind: options.kind,
    async send({ method, path, headers, body, carry }, signal) {
      let answered: Answered
      try {
        const request = { path: prefix + path, method, headers: [...passRequest(headers), ...own], body }
        answered =
          carry === undefined
            ? await exchanges.send(request, signal)
            : await carried(request, { carry, place, times: options, signal })
      } catch (thrown) {
        throw connectionFault(place, thrown, signal)
      }
      const contentMilliseconds = options.first_token_timeout_ms
      return toAnswer(answered, { place, passResponse, maximumBytes, contentMilliseconds, request: body, signal })
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}

interface Reading {
  readonly place: UpstreamPlace
  readonly passResponse: HeaderFilter
  /** Of a body after decoding, unless it is a stream of events. */
  readonly maximumBytes: number
  readonly contentMilliseconds: number
  readonly request: Buffer | null
  readonly signal: AbortSignal
}

async function toAnswer(answered: Answered, reading: Reading): Promise<UpstreamAnswer> {
  const { place, passResponse, signal } = reading
  const { status, raw } = answered
  if (Buffer.isBuffer(answered.body)) {
    const { body } = answered
    return { status, headers: passResponse(raw), ...(body.length === 0 ? { kind: 'nothing' } : { kind: 'json', body }) }
  }
  const unread = answered.body
  const contentType = headerOf(raw, 'content-type') ?? ''
  if (status < 200 || status > 299) {
    const body = await beginningOf(unread)
    const headers = { get: (name: string) => headerOf(raw, name) }
    throw answerFault(place, { status, headers, contentType, body, request: reading.request }, Date.now())
  }
  const kind = kindOf(contentType)
  if (kind === null) {
    letGo(unread)
    const what = contentType.includes('html') ? 'a web page' : `the content type "${contentType.slice(0, 100)}"`
    throw protocolFault(place, what)
  }
  const encoding = headerOf(raw, 'content-encoding')?.toLowerCase() ?? 'identity'
  const headers = passResponse(raw)
  const how = { encoding, maximumBytes: reading.maximumBytes, place, signal }
  if (kind === 'json') return { status, headers, kind, body: await wholeBody(unread, how) }
  const body = plainBody(unread, { ...how, maximumBytes: Number.POSITIVE_INFINITY })
  return { status, headers, kind, body, contentMilliseconds: reading.contentMilliseconds, leave: () => letGo(unread) }
}

function kindOf(contentType: string): UpstreamAnswer['kind'] | null {
  const [mediaType = ''] = contentType.toLowerCase().split(';')
  if (mediaType.trim() === 'text/event-stream') return 'events'
  return /^application\/(?:[\w.-]+\+)?json$/.test(mediaType.trim()) ? 'json' : null
}

function headerOf(raw: readonly string[], name: string): string | null {
  for (let at = 0; at + 1 < raw.length; at += 2) if (raw[at]?.toLowerCase() === name) return raw[at + 1] ?? null
  return null
}

/** Ends a body that nobody reads; its connection is closed with it. */
function letGo(body: Readable): void {
  body.on('error', () => undefined)
  body.destroy()
}

async function beginningOf(body: Readable): Promise<string> {
  const pieces: Buffer[] = []
  let length = 0
  const late = setTimeout(() => letGo(body), failedMilliseconds)
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      pieces.push(piece)
      length += piece.length
      if (length >= failedBytes) break
    }
  } catch {
    // A body that breaks off is as good as its beginning.
  } finally {
    clearTimeout(late)
    letGo(body)
  }
  return Buffer.concat(pieces).toString('utf8', 0, failedBytes)
}
