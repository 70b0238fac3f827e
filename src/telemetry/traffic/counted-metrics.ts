import type { Metrics } from '../metrics.ts'
import type { Traffic } from './traffic.ts'

/** The same metrics; what runs, calls, decisions and the ledger tell them is counted over the last hours as well. */
export function countedMetrics(metrics: Metrics, traffic: Traffic): Metrics {
  return {
    ...metrics,
    observe(event, channel) {
      metrics.observe(event, channel)
      if (event.type === 'tool-refusal') traffic.refused('gate', event.findings[0]?.rule ?? event.tool)
    },
    call(api, ended) {
      metrics.call(api, ended)
      if (ended.upstream !== null) traffic.called(ended.upstream, ended.ending, ended.seconds * 1_000)
    },
    content(notice) {
      metrics.content(notice)
      if (notice.action !== 'block') return
      const blocked = notice.findings.find(({ effective }) => effective === 'block' || effective === 'regenerate')
      traffic.refused('content', blocked?.category ?? 'rule')
    },
    decision(notice) {
      metrics.decision(notice)
      if (!notice.allowed) traffic.refused('policy', notice.rules[0] ?? 'no decision')
    },
    quotas: {
      ...metrics.quotas,
      onRefused(limit) {
        metrics.quotas.onRefused(limit)
        traffic.refused('limit', `${limit.account.slice(0, limit.account.indexOf(':'))} ${limit.unit}`)
      },
      onSettled(group, uses) {
        metrics.quotas.onSettled(group, uses)
        traffic.used(group, uses)
      },
    },
  }
}
