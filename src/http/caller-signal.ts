import type { ServerResponse } from 'node:http'
import { ServiceError } from '../core/errors.ts'
import { toHttpError } from './problem.ts'

export const callerLeft = (): ServiceError => new ServiceError('cancelled', 'The caller closed the connection.')

/**
 * Aborts when the caller goes away before the answer is complete, or the service stops. Who has gone by now is told nothing more by the response: it
 * is aborted at once.
 */
export function signalFor(response: ServerResponse, stopping: AbortSignal): AbortSignal {
  if (response.destroyed) return AbortSignal.abort(callerLeft())
  const controller = new AbortController()
  const stop = (): void => controller.abort(stopping.reason)
  if (stopping.aborted) stop()
  // A listener costs a third of what `AbortSignal.any` does.
  stopping.addEventListener('abort', stop)
  response.once('close', () => {
    stopping.removeEventListener('abort', stop)
    if (!response.writableFinished) controller.abort(callerLeft())
  })
  return controller.signal
}

/** An aborted run failed for the reason of its abort, whatever it says itself. */
export function reasonOf(thrown: unknown, signal: AbortSignal): ServiceError {
  return toHttpError(signal.aborted ? signal.reason : thrown)
}
