import { setTimeout as sleep } from 'node:timers/promises'
import type { Tracer } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { getBooleanFromEnv } from '@opentelemetry/core'
import { detectResources, resourceAttributesEnvDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Digests } from '../digests.ts'
import type { TracesOptions } from '../options.ts'
import { createBoundedQueue } from './bounded-queue.ts'
import { CallSpans } from './call-spans.ts'
import { spanEndpointCall } from './endpoint-span.ts'
import { RequestSpans } from './request-spans.ts'
import { spanRun } from './run-spans.ts'
import { SpanWatch, type SpanWatchParts } from './span-watch.ts'
import type { AgentModel, Spans } from './spans.ts'
import { spanStatement } from './statement-span.ts'

/** Milliseconds that a batch may take on its way, with all attempts. */
const exportTimeout = 5_000

/** Milliseconds that the end of the service waits for the last batches. */
const lastBatches = 3_000

interface OpenSpansOptions extends SpanWatchParts {
  readonly traces: TracesOptions
  readonly digests: Digests
  readonly agentModel: AgentModel | null
}

/**
 * Spans that go to a receiver of OTLP over HTTP; null where OTEL_SDK_DISABLED says none. Opens no connection before the first
 * batch; registers nothing globally. What the configuration says counts before what OTEL_* variables say.
 */
export function openSpans({ traces, digests, agentModel, log, metrics }: OpenSpansOptions): Spans | null {
  if (getBooleanFromEnv('OTEL_SDK_DISABLED') ?? false) {
    log.warn('telemetry.traces is set, and the variable OTEL_SDK_DISABLED is true: no spans are made')
    return null
  }
  const watch = new SpanWatch({ log, metrics })
  const headers = Object.fromEntries(Object.entries(traces.headers).map(([name, value]) => [name, value.reveal()]))
  const exporter = new OTLPTraceExporter({ url: traces.endpoint, headers, timeoutMillis: exportTimeout })
  const fromVariables = detectResources({ detectors: [resourceAttributesEnvDetector] })
  const provider = new TracerProvider({
    resource: fromVariables.merge(resourceFromAttributes({ 'service.name': traces.service_name })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(traces.sample_ratio) }),
    spanProcessors: [createBoundedQueue(exporter, watch)],
  })
  const close = async (): Promise<void> => {
    const given = new AbortController()
    const bound = sleep(lastBatches, undefined, { signal: given.signal }).catch(() => undefined)
    // What the last batch met was told by the queue.
    const done = provider.shutdown().catch(() => undefined)
    await Promise.race([done, bound])
    given.abort()
  }
  return { ...spansOf(provider.getTracer('sallyport'), { digests, agentModel }), faults: () => watch.faults, close }
}

/** The spans of a tracer. */
export function spansOf(
  tracer: Tracer,
  { digests, agentModel }: Pick<OpenSpansOptions, 'digests' | 'agentModel'>,
): Omit<Spans, 'close' | 'faults'> {
  const requests = new RequestSpans(tracer)
  const contextOf = requests.contextOf.bind(requests)
  const calls = new CallSpans(tracer, digests, contextOf)
  return {
    requestBegan: (request) => requests.began(request),
    requestFailed: (requestId, code) => requests.failed(requestId, code),
    requestEnded: (record) => requests.ended(record),
    ofRun: ({ requestId }, events) => spanRun(events, { tracer, model: agentModel, parent: contextOf(requestId) }),
    ofCall: (work) => calls.of(work),
    ofEndpointCall: (work) => spanEndpointCall(work, { tracer, digests, contextOf }),
    ofAnswer: (requestId, answer) => calls.answer(requestId, answer),
    ofStatement: (seen, work) => spanStatement(seen, work, { tracer, digests, parent: contextOf(seen.requestId) }),
  }
}
