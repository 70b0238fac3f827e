import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Span, type Tracer } from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import type { ErrorCode } from '../../core/error-codes.ts'
import type { BegunRequest, ResponseRecord } from '../../core/facts.ts'

/** Asked every few seconds by machines: their spans would bury the others. */
const probes: ReadonlySet<string | null> = new Set(['/livez', '/readyz', '/metrics'])

/** Those that the HTTP conventions name; any other is `_OTHER`. */
const namedMethods: ReadonlySet<string> = new Set(
  'CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE'.split(' '),
)

interface Open {
  readonly span: Span
  readonly context: Context
}

/** The span of each HTTP request that is not over, by its id: what else is done for a request stands below it. */
export class RequestSpans {
  readonly #open = new Map<string, Open>()

  readonly #tracer: Tracer

  constructor(tracer: Tracer) {
    this.#tracer = tracer
  }

  began({ requestId, method, scheme, traceparent }: BegunRequest): void {
    const remote = traceparent === null ? null : parseTraceParent(traceparent)
    const parent = remote === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true })
    const name = methodName(method)
    const attributes = { 'http.request.method': name, 'url.scheme': scheme, 'sallyport.request.id': requestId }
    const span = this.#tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent)
    this.#open.set(requestId, { span, context: trace.setSpan(parent, span) })
  }

  failed(requestId: string, code: ErrorCode): void {
    this.#open.get(requestId)?.span.setAttribute('error.type', code)
  }

  ended({ requestId, method, route, status, requestBytes, complete }: ResponseRecord): void {
    const span = this.#open.get(requestId)?.span
    this.#open.delete(requestId)
    // A span that never ends is never handed over.
    if (span === undefined || probes.has(route)) return
    span.updateName(route === null ? methodName(method) : `${methodName(method)} ${route}`)
    span.setAttribute('http.response.status_code', status)
    if (route !== null) span.setAttribute('http.route', route)
    if (requestBytes !== null) span.setAttribute('http.request.body.size', requestBytes)
    if (!complete) span.setAttribute('error.type', 'cancelled')
    // The conventions leave it unset for what a caller did wrong.
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }

  /** What spans of this request stand below; a trace of their own where it came by no HTTP. */
  contextOf(requestId: string): Context {
    return this.#open.get(requestId)?.context ?? ROOT_CONTEXT
  }
}

function methodName(method: string): string {
  return namedMethods.has(method) ? method : '_OTHER'
}
