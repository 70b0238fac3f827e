import type { Response } from 'express'
import { ServiceError } from '../core/errors.ts'
import { toHttpError } from './problem.ts'

/** Aborts when the caller goes away before the answer is complete, or the service stops. */
export function signalFor(response: Response, stopping: AbortSignal): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new ServiceError('cancelled', 'The caller closed the connection.'))
  })
  return AbortSignal.any([controller.signal, stopping])
}

/** An aborted run failed for the reason of its abort, whatever it says itself. */
export function reasonOf(thrown: unknown, signal: AbortSignal): ServiceError {
  return toHttpError(signal.aborted ? signal.reason : thrown)
}
