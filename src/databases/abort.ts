import { untilAborted as untilAbortedFor } from '../concurrency/until-aborted.ts'
import { ServiceError } from '../core/errors.ts'

/** An aborted signal as a fault: a deadline made at the edge, or somebody who does not want the answer any more. */
export function abortFault({ reason }: AbortSignal): ServiceError {
  return reason instanceof Error && reason.name === 'TimeoutError'
    ? new ServiceError('deadline-exceeded', 'The time limit was reached while the database worked.', { cause: reason })
    : new ServiceError('cancelled', 'The query was cancelled.', { cause: reason })
}

export function deadlineFault(milliseconds: number): ServiceError {
  return new ServiceError('deadline-exceeded', `The statement took longer than ${milliseconds} ms and was ended.`)
}

/** The promise's value, unless the signal comes first; the promise itself goes on. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return untilAbortedFor(promise, signal, abortFault)
}
