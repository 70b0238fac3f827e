import { toServiceError, type ServiceError } from '../core/errors.ts'
import type { AgentEvent } from '../core/events.ts'
import { toolNames } from '../core/grant.ts'
import type { Thing } from '../core/provenance.ts'
import type { Received } from '../core/request.ts'
import type { AuditFact } from './audit/entry.ts'
import type { ServiceTrail } from './audit/service-trail.ts'
import type { Digests } from './digests.ts'
import { loggedFault, type Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface ObserverOptions {
  readonly log: Log
  readonly metrics: Metrics
  readonly trail: KeptTrail | null
  /** Models there are: the only names of models that are kept as they are. */
  readonly models: ReadonlySet<string>
}

/** A trail and what stands in it for texts. */
export interface KeptTrail {
  readonly audit: Pick<ServiceTrail, 'append' | 'note'>
  readonly digests: Digests
}

const knownTools: ReadonlySet<string> = new Set(toolNames)

/**
 * Passes a run's events on unchanged and keeps the facts of each: metrics, a log line at the end, and the audit trail.
 * An event is on the trail before it is passed on, so nothing leaves that the trail does not know; a trail that cannot
 * be written ends the run.
 */
export function createObserver({ log, metrics, trail, models }: ObserverOptions) {
  return async function* observe(received: Received, events: AsyncIterable<AgentEvent>): AsyncIterable<AgentEvent> {
    const { requestId, channel } = received
    const keep = async (fact: AuditFact): Promise<void> => trail?.audit.append(fact)
    if (trail !== null) await keep(requestFact(received, { digests: trail.digests, models }))
    let ended = false
    try {
      for await (const event of events) {
        const fact = trail === null ? null : factOf(event, requestId, trail.digests)
        if (fact !== null) await keep(fact)
        metrics.observe(event, channel)
        if (event.type === 'end') {
          ended = true
          const { ending, steps, milliseconds, usage } = event
          log.info({ requestId, channel, ending, steps, durationMs: milliseconds, ...usage }, 'answered')
        }
        yield event
      }
    } catch (thrown) {
      const error = toServiceError(thrown)
      ended = true
      metrics.fault(channel)
      log[levelOf(error, channel)]({ requestId, channel, ...loggedFault(error) }, 'request failed')
      await keep({ event: 'fault', requestId, code: error.code })
      throw thrown
    } finally {
      if (!ended) await keep({ event: 'abandoned', requestId })
    }
  }
}

/** The command line shows its own faults; a caller who went away is not logged as a fault. */
function levelOf(error: ServiceError, channel: Received['channel']): 'debug' | 'warn' | 'error' {
  if (error.code === 'internal') return 'error'
  return channel === 'cli' || error.code === 'cancelled' ? 'debug' : 'warn'
}

function requestFact(
  { requestId, channel, model, messages }: Received,
  { digests, models }: { readonly digests: Digests; readonly models: ReadonlySet<string> },
): AuditFact {
  const questionDigest = digests.of(messages.at(-1)?.content ?? '')
  return { event: 'request', requestId, channel, model: digests.name(model, models), questionDigest }
}

/**
 * What the trail keeps of an event: which code ran and what was refused, by digest and rule; no rows and no texts. The
 * names and ids of calls are a model's own words, too.
 */
function factOf(event: AgentEvent, requestId: string, digests: Digests): AuditFact | null {
  switch (event.type) {
    case 'tool-call': {
      const { source } = event
      const code = source === null ? null : { language: source.language, digest: digests.of(source.text) }
      return { ...callFact(event, requestId, digests), code }
    }
    case 'tool-refusal':
      return { ...callFact(event, requestId, digests), rules: event.findings.map(({ rule }) => rule) }
    case 'tool-result': {
      const { milliseconds, ranIn, cell, putBack } = event
      const rules = putBack === undefined ? {} : { rules: ['provenance/file-put-back'] }
      const outcome = cell?.outcome ?? null
      return { ...callFact(event, requestId, digests), durationMs: milliseconds, ranIn, outcome, ...rules }
    }
    case 'tool-failure':
      return callFact(event, requestId, digests)
    case 'end': {
      const { ending, steps, milliseconds, usage, lineage } = event
      const told = { event: event.type, requestId, ending, steps, durationMs: milliseconds, usage: { ...usage } }
      return lineage === undefined ? told : { ...told, lineage: graphOf(lineage) }
    }
    case 'step-start':
    case 'text-delta':
    case 'plan':
    case 'artifact':
      return null
  }
}

/** So many things of a session stand in a line: those that were first there, such as its files, and those that came last. */
const mostThings = { first: 50, last: 150 } as const

/** What everything in a run was made of: ids that are numbers, and origins. */
function graphOf(lineage: readonly Thing[]) {
  const { first, last } = mostThings
  const left = Math.max(0, lineage.length - first - last)
  const kept = left === 0 ? lineage : [...lineage.slice(0, first), ...lineage.slice(-last)]
  const ids = new Set(kept.map(({ id }) => id))
  const things = kept.map(({ id, kind, origins, from }) => {
    return { id, kind, origins: [...origins], from: from.filter((each) => ids.has(each)) }
  })
  return { things, left }
}

function callFact(
  { type, callId, tool }: { readonly type: string; readonly callId: string; readonly tool: string },
  requestId: string,
  digests: Digests,
): AuditFact {
  return { event: type, requestId, callId: digests.of(callId), tool: digests.name(tool, knownTools) }
}
