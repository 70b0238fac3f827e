import type { EndpointAnswer, EndpointCallFacts, ReceivedEndpointCall } from '../core/endpoint-call.ts'
import { toServiceError } from '../core/errors.ts'
import type { AuditFact } from './audit/entry.ts'
import { loggedFault, type Log } from './log.ts'
import type { EndedEndpointCall, Metrics } from './metrics.ts'
import type { KeptTrail } from './observer.ts'

export interface EndpointObserverOptions {
  readonly log: Log
  readonly metrics: Metrics
  readonly trail: KeptTrail | null
}

/** Of a call that is sent. */
interface Turn extends Pick<EndedEndpointCall, 'endpoint' | 'operation' | 'waitedSeconds'> {
  readonly came: number
}

/** Keeps the facts of a call of an endpoint. Rejects as the work does, and when the trail cannot be written. */
export type ObserveEndpointCall = (
  call: Pick<ReceivedEndpointCall, 'requestId'>,
  work: (admitted: (facts: EndpointCallFacts) => Promise<void>) => Promise<EndpointAnswer>,
) => Promise<EndpointAnswer>

/**
 * Who calls which operation, by digest of the body, stands on the trail before a byte is sent, and how it ended moments after
 * it. What was refused before that is a fault on the trail before its caller is told.
 */
export function createEndpointObserver({ log, metrics, trail }: EndpointObserverOptions): ObserveEndpointCall {
  const ended = (turn: Turn | null, ending: EndedEndpointCall['ending']): void => {
    if (turn === null) return
    const { came, ...about } = turn
    metrics.endpointCall({ ...about, ending, seconds: (performance.now() - came) / 1_000 })
  }
  return async function observeEndpointCall({ requestId }, work) {
    const began = performance.now()
    let turn: Turn | null = null
    try {
      const answer = await work(async (facts) => {
        const { endpoint, operation, principal, group, body } = facts
        const bodyDigest = body === null ? null : (trail?.digests.of(body) ?? null)
        await trail?.audit.append({
          event: 'endpoint-call',
          requestId,
          principal,
          group,
          endpoint,
          operation,
          bodyDigest,
        })
        turn = { endpoint, operation, came: performance.now(), waitedSeconds: facts.waitedMilliseconds / 1_000 }
      })
      const durationMs = Math.round(performance.now() - began)
      metrics.count('endpoint', 'answered')
      ended(turn, 'answered')
      log.debug({ requestId, status: answer.status, durationMs }, 'passed on to an endpoint')
      trail?.audit.note({ event: 'endpoint-call-end', requestId, status: answer.status, durationMs })
      return answer
    } catch (thrown) {
      const error = toServiceError(thrown)
      const isCancelled = error.code === 'cancelled'
      metrics.count('endpoint', isCancelled ? 'cancelled' : turn === null ? 'refused' : 'failed')
      ended(turn, isCancelled ? 'cancelled' : 'failed')
      log[isCancelled || turn === null ? 'debug' : 'warn']({ requestId, ...loggedFault(error) }, 'endpoint call failed')
      const fault: AuditFact = { event: 'fault', requestId, code: error.code }
      if (turn === null) await trail?.audit.append(fault)
      else trail?.audit.note(fault)
      throw thrown
    }
  }
}
