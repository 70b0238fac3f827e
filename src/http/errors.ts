import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ErrorRequestHandler } from 'express'
import type { ServiceError } from '../core/errors.ts'
import { endAnswer } from './end-answer.ts'
import { pathOf } from './path-of.ts'
import { problemHeaders, toHttpError, toProblem, type Problem } from './problem.ts'
import { requestIdOf } from './request-id.ts'

/** Told of every error a caller was answered with; `cause` and unexposed messages are for the log only. */
export type OnFault = (error: ServiceError, requestId: string) => void

export interface AnswerErrorsOptions {
  readonly onFault: OnFault
  /** The form in which the clients of a path read a problem. */
  readonly bodyFor: (path: string) => (problem: Problem) => object
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Whatever was thrown becomes a problem. Once a response has begun, only the connection can say it. */
export function answerError(
  thrown: unknown,
  { request, response }: Exchange,
  { onFault, bodyFor }: AnswerErrorsOptions,
): void {
  const error = toHttpError(thrown)
  onFault(error, requestIdOf(response))
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const problem = toProblem(error, requestIdOf(response))
  const body = JSON.stringify(bodyFor(pathOf(request))(problem))
  response.writeHead(problem.status, { ...problemHeaders(error), 'content-length': Buffer.byteLength(body) })
  endAnswer({ request, response }, body)
}

/** The last handler of the web framework. */
export function answerErrors(options: AnswerErrorsOptions): ErrorRequestHandler {
  return (thrown, request, response, _next) => answerError(thrown, { request, response }, options)
}
