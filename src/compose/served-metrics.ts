import type { GrantFor } from '../gateway/authorize/policy.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import type { MetricsSource } from '../surfaces/native/health.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

interface MetricsParts {
  readonly telemetry: Pick<Telemetry, 'metrics'>
  readonly sandboxes: Pick<Sandboxes, 'figures'>
  readonly grantFor: GrantFor
}

/** What `/metrics` tells, to whoever may read it: with the sandboxes as they are at that moment. */
export function metricsSource({ telemetry: { metrics }, sandboxes, grantFor }: MetricsParts): MetricsSource {
  return {
    contentType: metrics.contentType,
    mayRead: async (principal) => (await grantFor(principal, 'http')).metrics,
    text: async () => {
      const figures = await sandboxes.figures()
      if (figures !== null) metrics.setSandboxes(figures)
      return metrics.text()
    },
  }
}
