import type { Problem } from '../../http/problem.ts'

const typeByStatus: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  502: 'api_error',
  503: 'overloaded_error',
  504: 'timeout_error',
}

/**
 * A problem in the form of Anthropic's errors. Their clients tell errors by `type: "error"` at the top, where a problem
 * has its own type; that stands in `problem` here.
 */
export function toAnthropicError(problem: Problem) {
  const { type, error, ...rest } = problem
  const status = typeByStatus[problem.status] ?? (problem.status < 500 ? 'invalid_request_error' : 'api_error')
  return { type: 'error', error: { type: status, message: error.message }, ...rest, problem: type }
}
