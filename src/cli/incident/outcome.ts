import type { ClassifierCounts } from './classifier.ts'
import type { Ended } from './throw-traffic.ts'

/** What is promised to honest callers. */
export const objective = { servedShare: 0.999, p99Milliseconds: 1_000 } as const

/** How long a caller waits for an answer, in milliseconds. */
export const patienceMilliseconds = 10_000

/** What became of the traffic, on one of the two ways. */
export interface Outcome {
  readonly sent: number
  readonly invalid: number
  /** Invalid requests that the service put before its model, by its own count; see `modelCallsBesides`. */
  readonly invalidAtModel: number
  /** Answers of 500 and above, whoever they were for. */
  readonly serverErrors: number
  /** Requests that nothing was answered to within the time that callers wait. */
  readonly unanswered: number
  /** Most calls that waited for the model at once, by the service's count. */
  readonly longestQueue: number
  /** For calls of the model until the last answer, in millionths of the currency, by the service's count. */
  readonly cost: number
  readonly honest: {
    readonly sent: number
    readonly served: number
    /** Milliseconds; null where fewer were served than that. */
    readonly p50: number | null
    readonly p99: number | null
  }
  readonly isObjectiveMet: boolean
  /** Of each kind of invalid request, how often each status was answered; `none` where nothing was. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** Counts what became of the traffic, together with what the service says that it did. */
export function outcomeOf(ended: readonly Ended[], counts: ClassifierCounts): Outcome {
  const honest = ended.filter(({ kind }) => kind === null)
  const served = honest.filter(({ isServed }) => isServed)
  const waited = honest.map(({ isServed, milliseconds }) => (isServed ? milliseconds : Number.POSITIVE_INFINITY))
  const [p50, p99] = [percentile(waited, 0.5), percentile(waited, 0.99)]
  const share = honest.length === 0 ? 1 : served.length / honest.length
  return {
    sent: ended.length,
    invalid: ended.length - honest.length,
    invalidAtModel: modelCallsBesides(served.length, counts),
    serverErrors: ended.filter(({ status }) => status !== null && status >= 500).length,
    unanswered: ended.filter(({ status }) => status === null).length,
    longestQueue: counts.longest_queue,
    cost: counts.cost,
    honest: { sent: honest.length, served: served.length, p50, p99 },
    isObjectiveMet: share >= objective.servedShare && p99 !== null && p99 <= objective.p99Milliseconds,
    kinds: statusesByKind(ended),
  }
}

/**
 * Calls that came before the model without being those that honest callers were served by. Nobody sends a call twice, so each of
 * these was invalid, or an honest one that nobody was served by: the number is never too small.
 */
function modelCallsBesides(served: number, { received }: ClassifierCounts): number {
  return received - served
}

/** By nearest rank; null for none, and where it is infinite. */
function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((first, second) => first - second)
  const value = sorted[Math.ceil(share * sorted.length) - 1]
  return value === undefined || !Number.isFinite(value) ? null : value
}

function statusesByKind(ended: readonly Ended[]): Outcome['kinds'] {
  const kinds: Record<string, Record<string, number>> = {}
  for (const { kind, status } of ended) {
    if (kind === null) continue
    const statuses = (kinds[kind] ??= {})
    const name = status === null ? 'none' : String(status)
    statuses[name] = (statuses[name] ?? 0) + 1
  }
  return kinds
}

/** What a guard promises of this traffic, and did not keep; nothing where it kept all. The time is no promise: machines differ. */
export function brokenPromises({ invalidAtModel, serverErrors, honest, kinds }: Outcome): readonly string[] {
  const taken = Object.entries(kinds).filter(([, statuses]) => Object.keys(statuses).some((one) => one.startsWith('2')))
  return [
    ...(invalidAtModel === 0 ? [] : [`${invalidAtModel} invalid requests reached the model`]),
    ...(taken.length === 0 ? [] : [`invalid requests were taken: ${taken.map(([name]) => name).join(', ')}`]),
    ...(serverErrors === 0 ? [] : [`${serverErrors} answers were 500 or above`]),
    ...(honest.served >= honest.sent * objective.servedShare
      ? []
      : [`${honest.sent - honest.served} of ${honest.sent} honest requests were not served`]),
  ]
}
