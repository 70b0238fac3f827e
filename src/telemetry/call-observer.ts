import type { ErrorCode } from '../core/error-codes.ts'
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

/** Told of each attempt before anything of it is sent, with what became of the one before; null for the first. */
export type OnAdmitted = (call: AdmittedCall, before: ErrorCode | null) => Promise<void>

/** Keeps the facts of a call that is passed on. Rejects as the work does, and when the trail cannot be written. */
export type ObserveCall = (call: ReceivedCall, work: (admitted: OnAdmitted) => Promise<CallOutcome>) => Promise<void>

/**
 * Who calls which model, by digest of the body and never by its text, stands on the trail before a byte is sent; how the
 * call ended stands there moments after it; so does each further attempt, and where it goes. What was refused before that is a fault on the trail before its caller is told.
 */
export function createCallObserver({ log, metrics, trail, models }: CallObserverOptions): ObserveCall {
  const note = (fact: AuditFact): void => trail?.audit.note(fact)
  return async function observeCall(call, work) {
    const { requestId, api } = call
    const began = performance.now()
    let upstream: string | null = null
    let isOnTrail = false
    try {
      const { status, usage } = await work(async (admitted, before) => {
        if (before === null) await trail?.audit.append(callFact(admitted, trail))
        else {
          if (upstream !== null) metrics.failedAttempt(upstream, before)
          log.info({ requestId, api, upstream, code: before, next: admitted.target.upstream }, 'attempt failed')
          await trail?.audit.append(againFact(admitted, before))
        }
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

function againFact({ requestId, target }: AdmittedCall, before: ErrorCode) {
  return { event: 'call-again', requestId, upstream: target.upstream, model: target.model, after: before }
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
