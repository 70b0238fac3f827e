import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace'

/** Spans that wait for the receiver or are on their way to it; those that end beyond are dropped. */
const mostWaiting = 2_048

/** Milliseconds between two batches. */
const batchEvery = 2_000

export interface QueueWatch {
  /** So many spans will never arrive. */
  onLost(count: number): void
  /** How the last batch fared; null where it arrived. */
  onExported(fault: unknown): void
}

/**
 * Hands spans over in batches behind the back of requests. The batch processor of the SDK drops what does not fit without a
 * count; so nothing is given to it that does not fit, and each span that is dropped or not taken is told.
 */
export function createBoundedQueue(
  exporter: SpanExporter,
  watch: QueueWatch,
  most: number = mostWaiting,
): SpanProcessor {
  let waiting = 0
  const counted: SpanExporter = {
    export: (spans, done) =>
      exporter.export(spans, (result: ExportResult) => {
        waiting -= spans.length
        const isTaken = result.code === ExportResultCode.SUCCESS
        if (!isTaken) watch.onLost(spans.length)
        watch.onExported(isTaken ? null : (result.error ?? new Error('the receiver did not take the spans')))
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
  const batches = new BatchSpanProcessor({
    exporter: counted,
    maxQueueSize: most,
    maxExportBatchSize: Math.min(512, most),
    scheduledDelayMillis: batchEvery,
  })
  return {
    onStart: () => undefined,
    onEnd: (span: ReadableSpan) => {
      if (waiting >= most) return watch.onLost(1)
      waiting += 1
      batches.onEnd(span)
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  }
}
