import { SpanKind, type Context, type Span, type Tracer } from '@opentelemetry/api'
import type { EndpointCallFacts } from '../../core/endpoint-call.ts'
import type { Digests } from '../digests.ts'
import { failSpan, failSpanBy } from './fail-span.ts'
import type { EndpointWork } from './spans.ts'

interface EndpointSpanOptions {
  readonly tracer: Tracer
  readonly digests: Digests
  readonly contextOf: (requestId: string) => Context
}

/**
 * A call of an endpoint as a client span of the HTTP conventions, from its turn to the end of its answer. `url.full`, which they
 * want too, is left out: it holds what a caller wrote.
 */
export function spanEndpointCall(work: EndpointWork, options: EndpointSpanOptions): EndpointWork {
  return async (onAdmitted) => {
    const spans: Span[] = []
    try {
      const answer = await work(async (facts) => {
        await onAdmitted(facts)
        spans.push(begin(facts, options))
      })
      for (const span of spans) answered(span, answer.status)
      return answer
    } catch (thrown) {
      for (const span of spans) failSpanBy(span, thrown)
      throw thrown
    } finally {
      for (const span of spans) span.end()
    }
  }
}

function begin(facts: EndpointCallFacts, { tracer, digests, contextOf }: EndpointSpanOptions): Span {
  const { requestId, method, template, server, endpoint, operation, principal, group, waitedMilliseconds } = facts
  const attributes = {
    'http.request.method': method,
    'url.template': template,
    'server.address': server.address,
    'server.port': server.port,
    'sallyport.endpoint': endpoint,
    'sallyport.operation': operation,
    'sallyport.queue_ms': Math.round(waitedMilliseconds),
    'sallyport.group': group,
    'sallyport.principal': digests.of(principal),
  }
  return tracer.startSpan(`${method} ${template}`, { kind: SpanKind.CLIENT, attributes }, contextOf(requestId))
}

/** To a client, unlike to a server, an answer from 400 on is an error. */
function answered(span: Span, status: number): void {
  span.setAttribute('http.response.status_code', status)
  if (status < 400) return
  failSpan(span, String(status))
}
