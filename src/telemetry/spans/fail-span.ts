import { SpanStatusCode, type Span } from '@opentelemetry/api'
import { toServiceError } from '../../core/errors.ts'

/** Says of a span that it ended in an error, by a word from the code: a message could hold what somebody wrote. */
export function failSpan(span: Span, type: string): void {
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

export function failSpanBy(span: Span, thrown: unknown): void {
  failSpan(span, toServiceError(thrown).code)
}
