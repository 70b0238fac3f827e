import { z } from 'zod'
import { quotaUnits } from '../../../core/quotas.ts'
import { refusalStages, trafficWindows, type Latency, type TrafficSummary } from '../../../core/traffic.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { sandboxPool } from './sandboxes.ts'

/** So many of what waits are counted; one more is not told apart from them. */
export const mostCounted = 1_000

const times = z
  .strictObject({ p50: z.int(), p95: z.int(), p99: z.int() })
  .describe('Milliseconds until whole answers of status 2xx and 3xx were there, to within 6 %.')
  .meta({ id: 'Latency' })

/** null where there was no answer. */
export const latency = times.nullable()

const counted = {
  requests: z.int(),
  refused: z.int().describe('Answers of 4xx.'),
  failed: z.int().describe('Answers of 5xx.'),
  latency_ms: latency,
}

export const showOverview = route({
  id: 'overview.show',
  method: 'get',
  path: '/admin/v1/overview',
  summary:
    'What the process that is asked has answered to callers lately, by its own counts, which end with it; other processes of the service have theirs.',
  params: noParams,
  query: z.strictObject({
    window: z.enum(trafficWindows).default('1h').describe('In pieces of 10 seconds, a minute, or 15 minutes.'),
  }),
  body: noBody,
  status: 200,
  answer: z.strictObject({
    counts_of: z.literal('process'),
    started: z.iso.datetime().describe('Since when it counts.'),
    to: z.iso.datetime(),
    state: z.strictObject({ ready: z.boolean(), detail: z.string() }).describe('As /readyz has it.'),
    traffic: z.strictObject(counted),
    points: z.array(z.strictObject({ from: z.iso.datetime(), ...counted })).describe('The oldest first.'),
    refusals: z
      .array(z.strictObject({ stage: z.enum(refusalStages), reason: z.string(), count: z.int() }))
      .describe(
        'The most frequent first. request and fault: answers of 4xx and 5xx, by their code; gate: by the rule of a validator; policy: by its rule; content: by category; limit: by whose it is and what it counts. One request may stand under two of them.',
      ),
    spend: z
      .array(z.strictObject({ group: z.string(), unit: z.enum(quotaUnits), amount: z.number() }))
      .describe('What requests that have ended have used; money in millionths.'),
    sandboxes: sandboxPool.nullable(),
    draining: z.boolean(),
    waiting: z
      .strictObject({
        approvals: z.int().max(mostCounted),
        suspensions: z.int().max(mostCounted),
      })
      .describe(
        `Approvals that wait and suspensions in force, of the whole service; ${mostCounted} is that many or more.`,
      ),
  }),
  errors: [],
})

export type LatencyJson = z.infer<typeof latency>

export function toLatency(of: Latency | null): LatencyJson {
  return of && { p50: Math.round(of.p50), p95: Math.round(of.p95), p99: Math.round(of.p99) }
}

/** `now`: milliseconds since 1970. */
export function toTraffic({ points, refusals, uses, ...summary }: TrafficSummary, now: number) {
  const answers = ({
    requests,
    refused,
    failed,
    latency: of,
  }: Pick<TrafficSummary, 'requests' | 'refused' | 'failed' | 'latency'>) => {
    return { requests, refused, failed, latency_ms: toLatency(of) }
  }
  const ago = (milliseconds: number): string => new Date(now - milliseconds).toISOString()
  return {
    counts_of: 'process' as const,
    started: ago(summary.countedFor),
    to: ago(0),
    traffic: answers(summary),
    points: points.map((point) => ({ from: ago(point.beganAgo), ...answers(point) })),
    refusals: refusals.map(({ stage, reason, count }) => ({ stage, reason, count })),
    spend: uses.map(({ group, unit, amount }) => ({ group, unit, amount })),
  }
}
