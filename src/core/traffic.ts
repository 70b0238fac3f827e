import type { QuotaUnit } from './quotas.ts'

/** Windows over which a process sums up what it has answered. */
export const trafficWindows = ['5m', '1h', '24h'] as const

export type TrafficWindow = (typeof trafficWindows)[number]

/** Milliseconds within which so many of a hundred answers were whole, to within 6 %; null where there was none. */
export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/**
 * Where something was refused. `request`: an answer of 4xx, by its code. `fault`: one of 5xx, by its code. `gate`: a program or a
 * statement that a validator refused, by its rule. `policy`: by the rule that refused. `content`: by the category that was
 * blocked. `limit`: by whose it is and what it counts.
 */
export const refusalStages = ['request', 'fault', 'gate', 'policy', 'content', 'limit'] as const

export type RefusalStage = (typeof refusalStages)[number]

export interface CountedRefusal {
  readonly stage: RefusalStage
  readonly reason: string
  readonly count: number
}

/** What a group has used, by the ledger's own settling. Money is in millionths. */
export interface CountedUse {
  readonly group: string
  readonly unit: QuotaUnit
  readonly amount: number
}

/** Calls that were passed on to one upstream. */
export interface CountedCalls {
  readonly answered: number
  readonly failed: number
  readonly cancelled: number
  readonly latency: Latency | null
}

interface CountedAnswers {
  readonly requests: number
  /** Answers of 4xx. */
  readonly refused: number
  /** Answers of 5xx. */
  readonly failed: number
  readonly latency: Latency | null
}

/** One piece of a window; it began so many milliseconds ago. */
export interface TrafficPoint extends CountedAnswers {
  readonly beganAgo: number
}

/** What one process has answered to callers: not its probes, its metrics, the files of the web app or what operators ask. */
export interface TrafficSummary extends CountedAnswers {
  /** How long this process has been counting, milliseconds. */
  readonly countedFor: number
  /** The oldest first; pieces in which nothing was answered are there, too. */
  readonly points: readonly TrafficPoint[]
  /** The most frequent first. */
  readonly refusals: readonly CountedRefusal[]
  readonly uses: readonly CountedUse[]
  readonly upstreams: ReadonlyMap<string, CountedCalls>
}

/** Sums up what this process has counted. */
export type SumUpTraffic = (window: TrafficWindow) => TrafficSummary
