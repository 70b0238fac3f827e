import { SpanKind, type Context, type Tracer } from '@opentelemetry/api'
import type { Digests } from '../digests.ts'
import type { StatementSeen } from '../statement-observer.ts'
import { failSpanBy } from './fail-span.ts'

interface StatementSpanOptions {
  readonly tracer: Tracer
  readonly digests: Digests
  readonly parent: Context
}

/** Runs the work below a span of its own: SQL that a caller wrote, never its text. */
export async function spanStatement<T extends { readonly kind: string }>(
  { action, principal, source }: StatementSeen,
  work: () => Promise<T>,
  { tracer, digests, parent }: StatementSpanOptions,
): Promise<T> {
  const attributes = {
    'sallyport.sql.action': action,
    'sallyport.source': source,
    'sallyport.group': principal.group,
    'sallyport.principal': digests.of(principal.id),
  }
  const span = tracer.startSpan(`sql ${action}`, { kind: SpanKind.INTERNAL, attributes }, parent)
  try {
    const outcome = await work()
    span.setAttribute('sallyport.outcome', outcome.kind)
    return outcome
  } catch (thrown) {
    failSpanBy(span, thrown)
    throw thrown
  } finally {
    span.end()
  }
}
