import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ComplaintFacts } from '../core/complaints.ts'
import { errorCodes, type ErrorCode } from '../core/error-codes.ts'
import type { AgentEvent } from '../core/events.ts'
import type { PolicyNotice, QuotaWatch, ResponseRecord } from '../core/facts.ts'
import type { CallUsage, ModelApi } from '../core/model-call.ts'
import type { Amounts } from '../core/quotas.ts'
import { toolNames } from '../core/grant.ts'
import { createContentMetrics } from './content-metrics.ts'
import { createTuningMetrics } from './tuning-metrics.ts'
import { detectionEvents } from './detection-events.ts'

/** Seconds; a cached cell is the first bucket, a long analysis the last. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]

/** Bytes: from a short question to the largest body that may be configured. */
const sizeBuckets = [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864]

/** How a call that was passed on ended. */
export interface EndedCall {
  readonly ending: 'answered' | 'failed' | 'cancelled'
  /** As it is named in the configuration; null for a call that was sent to none. */
  readonly upstream: string | null
  readonly seconds: number
  readonly usage: CallUsage | null
}

/** How a call of an endpoint ended; its names are those of the configuration and of the document. */
export interface EndedEndpointCall extends Pick<EndedCall, 'ending' | 'seconds'> {
  readonly endpoint: string
  readonly operation: string
  readonly waitedSeconds: number
}

export interface SandboxCounts {
  readonly ready: number
  readonly claimed: number
  readonly waiting: number
}

/** Counts of one process. Labels come from closed sets only, never from what a caller wrote. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'sallyport_requests_total',
    help: 'Answers by channel and ending.',
    labelNames: ['channel', 'ending'] as const,
    registers,
  })
  const answerSeconds = new Histogram({
    name: 'sallyport_answer_seconds',
    help: 'Wall time of answers.',
    buckets: durationBuckets,
    registers,
  })
  const tokens = new Counter({
    name: 'sallyport_model_tokens_total',
    help: 'Tokens by direction.',
    labelNames: ['direction'] as const,
    registers,
  })
  const toolCalls = new Counter({
    name: 'sallyport_tool_calls_total',
    help: 'Tool calls by tool and what became of them.',
    labelNames: ['tool', 'result'] as const,
    registers,
  })
  const toolSeconds = new Histogram({
    name: 'sallyport_tool_seconds',
    help: 'Wall time of tool calls that gave a result.',
    labelNames: ['tool'] as const,
    buckets: durationBuckets,
    registers,
  })
  const outcomes = new Counter({
    name: 'sallyport_cell_outcomes_total',
    help: 'Runs in a sandbox by outcome.',
    labelNames: ['outcome'] as const,
    registers,
  })
  const queueSeconds = new Histogram({
    name: 'sallyport_sandbox_queue_seconds',
    help: 'Time a run waited for a sandbox.',
    buckets: durationBuckets,
    registers,
  })
  const calls = new Counter({
    name: 'sallyport_calls_total',
    help: 'Calls passed on to upstreams, by API and ending.',
    labelNames: ['api', 'ending'] as const,
    registers,
  })
  const callSeconds = new Histogram({
    name: 'sallyport_call_seconds',
    help: 'Wall time of calls passed on to upstreams.',
    labelNames: ['api'] as const,
    buckets: durationBuckets,
    registers,
  })
  const failedAttempts = new Counter({
    name: 'sallyport_call_failed_attempts_total',
    help: 'Attempts at calls that failed and were followed by another one, by upstream and code of the fault.',
    labelNames: ['upstream', 'code'] as const,
    registers,
  })
  const detectorChecks = new Counter({
    name: 'sallyport_detector_checks_total',
    help: 'Checks by detectors that are other programs, by what became of them.',
    labelNames: ['detector', 'outcome'] as const,
    registers,
  })
  const events = new Counter({
    name: 'sallyport_events_total',
    help: 'Happenings inside: sandboxes started and destroyed, gate verdicts, filter failures.',
    labelNames: ['part', 'event'] as const,
    registers,
  })
  const responses = new Counter({
    name: 'sallyport_http_responses_total',
    help: 'Answers over HTTP by route and status; the route is "unknown" where nothing is at the path.',
    labelNames: ['route', 'status'] as const,
    registers,
  })
  const requestBytes = new Histogram({
    name: 'sallyport_http_request_bytes',
    help: 'Sizes of bodies that came in, as their senders said.',
    labelNames: ['route'] as const,
    buckets: sizeBuckets,
    registers,
  })
  const refusals = new Counter({
    name: 'sallyport_refusals_total',
    help: 'Errors that callers were answered with, by code.',
    labelNames: ['code'] as const,
    registers,
  })
  const limitRefusals = new Counter({
    name: 'sallyport_limit_refusals_total',
    help: 'Requests that did not fit a limit, by whose it is and what it counts.',
    labelNames: ['per', 'unit'] as const,
    registers,
  })
  const used = new Counter({
    name: 'sallyport_used_total',
    help: 'What requests have used, by group and unit; money is in millionths.',
    labelNames: ['group', 'unit'] as const,
    registers,
  })
  const unsettled = new Gauge({
    name: 'sallyport_ledger_unsettled',
    help: 'Requests of this process that have ended and whose use does not count yet.',
    registers,
  })
  const complaints = new Counter({
    name: 'sallyport_complaints_total',
    help: 'What callers said of answers and decisions, once each, by kind, verdict and reason.',
    labelNames: ['kind', 'verdict', 'reason'] as const,
    registers,
  })
  const recovered = new Counter({
    name: 'sallyport_ledger_recovered_total',
    help: 'Requests of processes that were gone, settled by this one.',
    registers,
  })
  const upstreamSeconds = new Histogram({
    name: 'sallyport_upstream_seconds',
    help: 'Wall time of calls by upstream and ending, from when they were admitted.',
    labelNames: ['upstream', 'ending'] as const,
    buckets: durationBuckets,
    registers,
  })
  const endpointSeconds = new Histogram({
    name: 'sallyport_endpoint_seconds',
    help: 'Wall time of calls by endpoint, operation and ending, from their turn.',
    labelNames: ['endpoint', 'operation', 'ending'] as const,
    buckets: durationBuckets,
    registers,
  })
  const endpointWaits = new Histogram({
    name: 'sallyport_endpoint_queue_seconds',
    help: 'Time that calls waited for their turn at an endpoint.',
    labelNames: ['endpoint'] as const,
    buckets: durationBuckets,
    registers,
  })
  const sandboxes = new Gauge({
    name: 'sallyport_sandboxes',
    help: 'Sandboxes by state; waiting are claims in the queue.',
    labelNames: ['state'] as const,
    registers,
  })
  // A counter that first appears with its first happening has not increased, as Prometheus sees it.
  for (const code of errorCodes) refusals.inc({ code }, 0)
  events.inc({ part: 'audit', event: 'lost' }, 0)
  for (const event of detectionEvents) events.inc({ part: 'detection', event }, 0)
  events.inc({ part: 'spans', event: 'lost' }, 0)
  events.inc({ part: 'credentials', event: 'refused' }, 0)
  events.inc({ part: 'lease', event: 'lost' }, 0)
  const knownTools: ReadonlySet<string> = new Set(toolNames)
  // A model can call a tool by any name it likes, and each new label value would cost memory for ever.
  const toolLabel = (tool: string): string => (knownTools.has(tool) ? tool : 'unknown')

  return {
    contentType: registry.contentType,
    /** The registry in Prometheus' text format. */
    text: (): Promise<string> => registry.metrics(),
    /** Adds those of the process itself: memory, processor time, open files, garbage collection, lag of the event loop. */
    observeProcess(): void {
      collectDefaultMetrics({ register: registry })
    },
    /** Counts one event of a run. */
    observe(event: AgentEvent, channel: 'http' | 'cli'): void {
      if (event.type === 'tool-result') {
        toolCalls.inc({ tool: event.tool, result: 'result' })
        toolSeconds.observe({ tool: event.tool }, event.milliseconds / 1000)
        if (event.cell === null) return
        outcomes.inc({ outcome: event.cell.outcome })
        queueSeconds.observe(event.cell.timings.queueMs / 1000)
      } else if (event.type === 'tool-refusal') toolCalls.inc({ tool: toolLabel(event.tool), result: 'refused' })
      else if (event.type === 'tool-failure') toolCalls.inc({ tool: toolLabel(event.tool), result: 'failed' })
      else if (event.type === 'end') {
        requests.inc({ channel, ending: event.ending })
        answerSeconds.observe(event.milliseconds / 1000)
        tokens.inc({ direction: 'input' }, event.usage.inputTokens)
        tokens.inc({ direction: 'output' }, event.usage.outputTokens)
      }
    },
    /** A run that broke off with a fault instead of an end. */
    fault(channel: 'http' | 'cli'): void {
      requests.inc({ channel, ending: 'failed' })
    },
    /** Counts a call that was passed on to an upstream. */
    call(api: ModelApi, { ending, upstream, seconds, usage }: EndedCall): void {
      if (upstream !== null) upstreamSeconds.observe({ upstream, ending }, seconds)
      calls.inc({ api, ending })
      callSeconds.observe({ api }, seconds)
      if (usage === null) return
      tokens.inc({ direction: 'input' }, usage.inputTokens)
      tokens.inc({ direction: 'output' }, usage.outputTokens)
    },
    /** Counts an attempt at a call that another one follows. */
    failedAttempt(upstream: string, code: ErrorCode): void {
      failedAttempts.inc({ upstream, code })
    },
    /** Counts a call of an endpoint whose turn came. */
    endpointCall({ endpoint, operation, ending, seconds, waitedSeconds }: EndedEndpointCall): void {
      endpointSeconds.observe({ endpoint, operation, ending }, seconds)
      endpointWaits.observe({ endpoint }, waitedSeconds)
    },
    /** Counts a check by a detector of `filters.detectors`; the outcome is a word of a closed list. */
    detectorCheck(detector: string, outcome: string): void {
      detectorChecks.inc({ detector, outcome })
    },
    /** Counts an answer over HTTP. */
    response({ route, status, requestBytes: bytes }: Pick<ResponseRecord, 'route' | 'status' | 'requestBytes'>): void {
      responses.inc({ route: route ?? 'unknown', status })
      if (bytes !== null) requestBytes.observe({ route: route ?? 'unknown' }, bytes)
    },
    content: createContentMetrics(registers),
    tuning: createTuningMetrics(registers),
    /** Counts a complaint that was kept. */
    complaint({ kind, verdict, reason }: Pick<ComplaintFacts, 'kind' | 'verdict' | 'reason'>): void {
      complaints.inc({ kind, verdict, reason })
    },
    /** Counts a decision of policy, or that none could be made. */
    decision({ fault, allowed }: Pick<PolicyNotice, 'fault' | 'allowed' | 'rules'>): void {
      events.inc({ part: 'policy', event: fault !== null ? 'fault' : allowed ? 'allowed' : 'refused' })
    },
    /** Counts an error that a caller was answered with. */
    refusal(code: ErrorCode): void {
      refusals.inc({ code })
    },
    /** Counts what the ledger tells. Groups and units come from the configuration, accounts do not. */
    quotas: {
      onRefused: ({ account, unit }) => limitRefusals.inc({ per: account.slice(0, account.indexOf(':')), unit }),
      onSettled: (group, uses) => {
        for (const [unit, amount] of Object.entries(uses)) if (amount > 0) used.inc({ group, unit }, amount)
      },
      onUnsettled: (count) => unsettled.set(count),
      onRecovered: (count) => recovered.inc(count),
    } satisfies Pick<QuotaWatch, 'onRefused' | 'onUnsettled' | 'onRecovered'> & {
      onSettled(group: string, uses: Amounts): void
    },
    /** Counts a happening, or several; `part` and `event` must come from the code, not from data. */
    count(part: string, event: string, times = 1): void {
      events.inc({ part, event }, times)
    },
    setSandboxes(counts: SandboxCounts): void {
      for (const [state, count] of Object.entries(counts)) sandboxes.set({ state }, count)
    },
  }
}

export type Metrics = ReturnType<typeof createMetrics>
