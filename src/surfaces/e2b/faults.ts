import type { ErrorRequestHandler } from 'express'
import type { ErrorCode } from '../../core/error-table.ts'
import type { ServiceError } from '../../core/errors.ts'
import { endAnswer } from '../../http/end-answer.ts'
import type { OnFault } from '../../http/errors.ts'
import { problemHeaders, toHttpError, toProblem, type Problem } from '../../http/problem.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { endFrame, streamType } from './connect-protocol.ts'

/** Codes of the Connect protocol (connectrpc.com, "Error codes") where the clients make something of them. */
const connectCodes: { readonly [Code in ErrorCode]?: string } = {
  'invalid-request': 'invalid_argument',
  'invalid-file': 'invalid_argument',
  'payload-too-large': 'invalid_argument',
  'unsupported-media-type': 'invalid_argument',
  'not-found': 'not_found',
  unauthenticated: 'unauthenticated',
  forbidden: 'permission_denied',
  suspended: 'permission_denied',
  'approval-required': 'permission_denied',
  refused: 'permission_denied',
  'content-blocked': 'permission_denied',
  conflict: 'already_exists',
  'rate-limited': 'resource_exhausted',
  'quota-exceeded': 'resource_exhausted',
  'deadline-exceeded': 'deadline_exceeded',
  'sandbox-lost': 'unavailable',
  'sandbox-unavailable': 'unavailable',
  'sandbox-busy': 'unavailable',
  'shutting-down': 'unavailable',
  cancelled: 'canceled',
}

/** As the clients read a fault of a command or of the file system. */
export function connectFault(
  error: ServiceError,
  requestId: string,
): { readonly code: string; readonly message: string } {
  const isGone = error.answered?.status === 502
  return {
    code: isGone ? 'unavailable' : (connectCodes[error.code] ?? 'internal'),
    message: toProblem(error, requestId).message,
  }
}

/**
 * As they read any other: `message`, and the status as `code` (they know by it that there is no such sandbox). The other members are
 * those of every problem, the service's own code by another name.
 */
const restFault = (problem: Problem): object => ({ ...problem, code: problem.status, error_code: problem.code })

/**
 * Answers what was thrown in the form of the address. The message is the reason phrase as well: of a program that may not run, the
 * JavaScript client shows nothing else. A stream of the Connect protocol has the status 200 whatever it ends with.
 */
export function answerFaults(form: 'rest' | 'unary' | 'stream', onFault: OnFault): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    const error = toHttpError(thrown)
    const requestId = requestIdOf(response)
    onFault(error, requestId)
    if (response.headersSent || response.destroyed) {
      response.destroy()
      return
    }
    if (form === 'stream') {
      response.writeHead(200, { 'content-type': streamType, 'cache-control': 'no-store' })
      response.end(endFrame(connectFault(error, requestId)))
      return
    }
    const problem = toProblem(error, requestId)
    const body = JSON.stringify(form === 'unary' ? connectFault(error, requestId) : restFault(problem))
    response.statusMessage = reasonPhrase(problem.message)
    response.writeHead(problem.status, {
      ...problemHeaders(error),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    })
    endAnswer({ request, response }, body)
  }
}

const longestReason = 400

/** Visible ASCII and spaces: nothing else may stand there (RFC 9112, 4). */
function reasonPhrase(message: string): string {
  return message.replace(/[^ -~]+/g, ' ').slice(0, longestReason)
}
