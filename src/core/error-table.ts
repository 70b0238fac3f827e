/**
 * Every fault Sallyport reports has one code of this closed set. Status, whether to repeat, audience, advice and
 * exit code are a table keyed by it, so a new code does not compile until the table answers for it.
 */
export const errorCodes = [
  'invalid-request',
  'payload-too-large',
  'unsupported-media-type',
  'not-found',
  'model-not-found',
  'method-not-allowed',
  'unauthenticated',
  'forbidden',
  'rate-limited',
  'quota-exceeded',
  'refused',
  'invalid-config',
  'invalid-file',
  'sandbox-unavailable',
  'sandbox-busy',
  'sandbox-lost',
  'database-unavailable',
  'query-failed',
  'model-unavailable',
  'model-timeout',
  'model-rejected',
  'model-protocol',
  'deadline-exceeded',
  'cancelled',
  'shutting-down',
  'service-unavailable',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

interface ErrorFacts {
  /** HTTP status. */
  readonly status: number
  /**
   * Seconds after which the same request may succeed, where nothing more exact is known; null: only a changed request
   * can succeed, and the answer asks clients not to repeat this one.
   */
  readonly retryAfterSeconds: number | null
  /**
   * Who may read `message` and `advice`: every caller, only the operator at the command line, or only the log. Whoever
   * may not reads `title`.
   */
  readonly audience: 'caller' | 'operator' | 'log'
  /** One line for people, the RFC 9457 `title`. */
  readonly title: string
  /** What a caller reads instead, where the title alone would reveal too much. */
  readonly callerTitle?: string
  /** What the reader can do about it. */
  readonly advice: string
  /** Exit code of the command line. */
  readonly exitCode: number
  /** OpenAI's `error.code` where their clients look for one of their own; else the code itself. */
  readonly openaiCode?: string
}

export const errorTable: Readonly<Record<ErrorCode, ErrorFacts>> = {
  'invalid-request': {
    status: 400,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'The request is not valid',
    advice: 'Correct the part the message names and send it again.',
    exitCode: 2,
  },
  'payload-too-large': {
    status: 413,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'The request is too large',
    advice: 'Send less.',
    exitCode: 2,
  },
  'unsupported-media-type': {
    status: 415,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'The content type is not supported',
    advice: 'Send application/json in UTF-8.',
    exitCode: 2,
  },
  'not-found': {
    status: 404,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'There is nothing here',
    advice: 'Check the address; GET /v1/models lists the models.',
    exitCode: 2,
  },
  'model-not-found': {
    status: 404,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'There is no such model',
    advice: 'GET /v1/models lists the models.',
    exitCode: 2,
    openaiCode: 'model_not_found',
  },
  'method-not-allowed': {
    status: 405,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'The method is not allowed here',
    advice: 'Use a method of the Allow header.',
    exitCode: 2,
  },
  unauthenticated: {
    status: 401,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'The request carries no valid key',
    advice: 'Send "Authorization: Bearer KEY"; the first start prints one, "sallyport keys create" makes others.',
    exitCode: 4,
    openaiCode: 'invalid_api_key',
  },
  forbidden: {
    status: 403,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'This is not allowed for your group',
    advice: 'Ask the operator for access; policy decides per group.',
    exitCode: 4,
  },
  'rate-limited': {
    status: 429,
    retryAfterSeconds: 1,
    audience: 'caller',
    title: 'Too much at once',
    advice: 'Wait for the seconds of Retry-After and send it again.',
    exitCode: 6,
    openaiCode: 'rate_limit_exceeded',
  },
  'quota-exceeded': {
    status: 403,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'The quota is used up',
    advice: 'Wait until it is given anew, or ask for a larger quota.',
    exitCode: 6,
    openaiCode: 'insufficient_quota',
  },
  refused: {
    status: 400,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'Refused by a rule',
    advice: 'Read the findings: each names the rule, the place and what is allowed instead.',
    exitCode: 3,
  },
  'invalid-config': {
    status: 500,
    retryAfterSeconds: null,
    audience: 'operator',
    title: 'The configuration is not valid',
    advice: 'Correct the value the message names; "sallyport config check" tests it.',
    exitCode: 2,
  },
  'invalid-file': {
    status: 400,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'The file cannot be used',
    advice: 'Check the path, the size and that it is what its name says.',
    exitCode: 2,
  },
  'sandbox-unavailable': {
    status: 503,
    retryAfterSeconds: 30,
    audience: 'operator',
    title: 'No sandbox can be had',
    advice: 'Run "sallyport doctor": it says which part is missing and how to get it.',
    exitCode: 5,
  },
  'sandbox-busy': {
    status: 503,
    retryAfterSeconds: 5,
    audience: 'operator',
    title: 'Every sandbox is in use',
    advice: 'Try again shortly, or raise sandbox.pool.maximum.',
    exitCode: 5,
  },
  'sandbox-lost': {
    status: 502,
    retryAfterSeconds: 1,
    audience: 'caller',
    title: 'The sandbox ended before the run did',
    advice: 'Run it again: a new sandbox starts without the variables of the old one.',
    exitCode: 5,
  },
  'database-unavailable': {
    status: 503,
    retryAfterSeconds: 10,
    audience: 'operator',
    title: 'The database does not answer',
    advice: 'Check the data source in the configuration and "sallyport doctor".',
    exitCode: 1,
  },
  'query-failed': {
    status: 400,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'The database refused the statement',
    advice: 'Correct the statement; the message says what was wrong.',
    exitCode: 1,
  },
  'model-unavailable': {
    status: 502,
    retryAfterSeconds: 5,
    audience: 'operator',
    title: 'The model does not answer',
    advice: 'Check model.base_url and that the endpoint is up.',
    exitCode: 7,
  },
  'model-timeout': {
    status: 504,
    retryAfterSeconds: 5,
    audience: 'operator',
    title: 'The model took too long',
    advice: 'Try again, or raise model.timeout_ms.',
    exitCode: 7,
  },
  'model-rejected': {
    status: 502,
    retryAfterSeconds: null,
    audience: 'operator',
    title: 'The model refused the request',
    callerTitle: 'The model does not answer',
    advice: 'Check model.api_key and model.name.',
    exitCode: 7,
  },
  'model-protocol': {
    status: 502,
    retryAfterSeconds: 5,
    audience: 'operator',
    title: 'The model endpoint does not speak the OpenAI protocol',
    callerTitle: 'The model does not answer',
    advice: 'Check model.base_url: it usually ends in /v1.',
    exitCode: 7,
  },
  'deadline-exceeded': {
    status: 504,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'The time limit was reached',
    advice: 'Ask for less, or raise the limit.',
    exitCode: 124,
  },
  cancelled: {
    status: 499,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'Cancelled',
    advice: 'Nothing to do: the caller ended it.',
    exitCode: 130,
  },
  'shutting-down': {
    status: 503,
    retryAfterSeconds: 5,
    audience: 'caller',
    title: 'The service is shutting down',
    advice: 'Send the request to another replica, or again shortly.',
    exitCode: 1,
  },
  'service-unavailable': {
    status: 502,
    retryAfterSeconds: 5,
    audience: 'operator',
    title: 'The service does not answer',
    advice: 'Start it with "sallyport serve", or name its address with --url.',
    exitCode: 1,
  },
  internal: {
    status: 500,
    retryAfterSeconds: null,
    audience: 'log',
    title: 'Something went wrong inside',
    advice: 'Give the request id to the operator: the log has the details.',
    exitCode: 1,
  },
}

/** OpenAI's `error.type`, which follows from the status. */
export function openaiTypeOf(code: ErrorCode): string {
  const { status } = errorTable[code]
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}
