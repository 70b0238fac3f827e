import { toServiceError, type ServiceError } from '../core/errors.ts'
import type { AgentEvent } from '../core/events.ts'
import type { Received } from '../core/request.ts'
import { digest, type AuditFact, type AuditTrail } from './audit.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface ObserverOptions {
  readonly log: Log
  readonly metrics: Metrics
  /** null keeps no trail. */
  readonly audit: AuditTrail | null
}

/**
 * Passes a run's events on unchanged and keeps the facts of each: metrics, a log line at the end, and the audit trail.
 * An event is on the trail before it is passed on, so nothing leaves that the trail does not know; a trail that cannot
 * be written ends the run.
 */
export function createObserver({ log, metrics, audit }: ObserverOptions) {
  return async function* observe(received: Received, events: AsyncIterable<AgentEvent>): AsyncIterable<AgentEvent> {
    const { requestId, channel } = received
    const keep = async (fact: AuditFact): Promise<void> => audit?.append(fact)
    const question = received.messages.at(-1)?.content ?? ''
    await keep({ event: 'request', requestId, channel, model: received.model, questionDigest: digest(question) })
    let ended = false
    try {
      for await (const event of events) {
        const fact = factOf(event, requestId)
        if (fact !== null) await keep(fact)
        metrics.observe(event, channel)
        if (event.type === 'end') {
          ended = true
          const { ending, steps, milliseconds, usage } = event
          log.info({ requestId, channel, ending, steps, milliseconds, ...usage }, 'answered')
        }
        yield event
      }
    } catch (thrown) {
      const error = toServiceError(thrown)
      ended = true
      metrics.fault(channel)
      log[levelOf(error, channel)]({ requestId, channel, code: error.code, error }, 'request failed')
      await keep({ event: 'fault', requestId, code: error.code })
      throw thrown
    } finally {
      if (!ended) await keep({ event: 'abandoned', requestId })
    }
  }
}

/** The command line shows its own faults; a caller who went away is no fault. */
function levelOf(error: ServiceError, channel: Received['channel']): 'debug' | 'warn' | 'error' {
  if (error.code === 'internal') return 'error'
  return channel === 'cli' || error.code === 'cancelled' ? 'debug' : 'warn'
}

/** What the trail keeps of an event: which code ran and what was refused, by digest and rule; no rows and no texts. */
function factOf(event: AgentEvent, requestId: string): AuditFact | null {
  switch (event.type) {
    case 'tool-call': {
      const { callId, tool, source } = event
      const code = source === null ? null : { language: source.language, digest: digest(source.text) }
      return { event: event.type, requestId, callId, tool, code }
    }
    case 'tool-refusal':
      return {
        event: event.type,
        requestId,
        callId: event.callId,
        tool: event.tool,
        rules: event.findings.map(({ rule }) => rule),
      }
    case 'tool-result': {
      const { callId, tool, milliseconds, ranIn, cell } = event
      return { event: event.type, requestId, callId, tool, milliseconds, ranIn, outcome: cell?.outcome ?? null }
    }
    case 'tool-failure':
      return { event: event.type, requestId, callId: event.callId, tool: event.tool }
    case 'end': {
      const { ending, steps, milliseconds, usage } = event
      return { event: event.type, requestId, ending, steps, milliseconds, usage: { ...usage } }
    }
    case 'step-start':
    case 'text-delta':
    case 'artifact':
      return null
  }
}
