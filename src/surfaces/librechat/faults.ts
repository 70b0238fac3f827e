import type { ErrorRequestHandler } from 'express'
import { errorTable } from '../../core/error-table.ts'
import { ServiceError } from '../../core/errors.ts'
import { answerError, type OnFault } from '../../http/errors.ts'
import { problemHeaders, toHttpError, type Problem } from '../../http/problem.ts'

/** Members that ask for what is none of this environment, whatever is tried. */
const notHere: ReadonlySet<string> = new Set(['lang', 'tools'])

/**
 * A problem with what `@librechat/agents` 3.9 reads of it beside the status: after how many seconds it may be tried again, and that it is of no
 * use to try again. Its user is shown nothing else.
 */
export function faultBody(problem: Problem, retryAfter: string | undefined): object {
  if (problem.status === 429 && retryAfter !== undefined) {
    return { ...problem, error: 'rate_limited', retry_after_seconds: Number(retryAfter) }
  }
  return notHere.has(problem.error.param ?? '') ? { ...problem, code: 'unsupported_capability' } : problem
}

/**
 * Of a status of 503 its user hears of an outage, and of 429 when to come back: every sandbox that is in use now is none in a while.
 */
function asLibreChatHasIt(error: ServiceError): ServiceError {
  if (error.code !== 'sandbox-busy') return error
  const retryAfterSeconds = error.retryAfterSeconds ?? errorTable['sandbox-busy'].retryAfterSeconds ?? 1
  return new ServiceError('rate-limited', error.message, { cause: error, advice: 'Try again then.', retryAfterSeconds })
}

/** Answers what was thrown in LibreChat's form. */
export function answerFaults(onFault: OnFault): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    const error = asLibreChatHasIt(toHttpError(thrown))
    const retryAfter = problemHeaders(error)['retry-after']
    answerError(error, { request, response }, { onFault, bodyFor: () => (problem) => faultBody(problem, retryAfter) })
  }
}
