import { toServiceError } from '../core/errors.ts'
import type { AdmittedCall, CallOutcome, ReceivedCall } from '../core/model-call.ts'
import { loggedFault, type Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { AuditFact } from './audit/entry.ts'
import type { KeptTrail } from './observer.ts'

export interface CallObserverOptions {
  readonly log: Log
  readonly metrics: Metrics
  readonly trail: KeptTrail | null
  /** Models there are: the only names of models that are kept as they are. */
  readonly models: ReadonlySet<string>
}

/** Keeps the facts of a call that is passed on. Rejects as the work does, and when the trail cannot be written. */
export type ObserveCall = (
  call: ReceivedCall,
  work: (admitted: (call: AdmittedCall) => Promise<void>) => Promise<CallOutcome>,
) => Promise<void>

/**
 * Who calls which model, by digest of the body and never by its text, stands on the trail before a byte is sent; how the
 * call ended stands there moments after it. What was refused before that is a fault on the trail before its caller is told.
 */
export function createCallObserver({ log, metrics, trail, models }: CallObserverOptions): ObserveCall {
  const note = (fact: AuditFact): void => trail?.audit.note(fact)
  return async function observeCall(call, work) {
    const { requestId, api } = call
    const began = performance.now()
    let upstream: string | null = null
    let isOnTrail = false
    try {
      const { status, usage } = await work(async (admitted) => {
        await trail?.audit.append(callFact(admitted, trail))
        isOnTrail = true
        upstream = admitted.target.upstream
      })
      const durationMs = Math.round(performance.now() - began)
      metrics.call(api, { ending: 'answered', upstream, seconds: durationMs / 1_000, usage })
      log.debug({ requestId, api, status, durationMs, ...usage }, 'passed on')
      note({ event: 'call-end', requestId, status, durationMs, usage: usage && { ...usage } })
    } catch (thrown) {
      const error = toServiceError(thrown)
      const isCancelled = error.code === 'cancelled'
      const seconds = (performance.now() - began) / 1_000
      metrics.call(api, { ending: isCancelled ? 'cancelled' : 'failed', upstream, seconds, usage: null })
      log[isCancelled ? 'debug' : 'warn']({ requestId, api, ...loggedFault(error) }, 'call failed')
      const asked = call.facts.model
      const model = asked === null ? null : (trail?.digests.name(asked, models) ?? null)
      const fault = { event: 'fault', requestId, code: error.code, api, model }
      if (isOnTrail) note(fault)
      else await trail?.audit.append(fault)
      throw thrown
    }
  }
}

function callFact({ requestId, api, principal, target, facts, body }: AdmittedCall, { digests }: KeptTrail) {
  return {
    event: 'call',
    requestId,
    api,
    principal: principal.id,
    group: principal.group,
    upstream: target.upstream,
    model: facts.model,
    bodyDigest: body === null ? null : digests.of(body),
  }
}
