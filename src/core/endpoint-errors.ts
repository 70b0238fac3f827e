import type { ErrorCode } from './error-codes.ts'
import type { ErrorFacts } from './error-facts.ts'

/** What is wrong with a service behind a guarded endpoint: its rows of the table of errors. */
export const endpointErrors = {
  'endpoint-unavailable': {
    status: 502,
    retryAfterSeconds: 5,
    audience: 'operator',
    title: 'The endpoint does not answer',
    advice: 'Check that the service behind it is up.',
    exitCode: 7,
  },
  'endpoint-timeout': {
    status: 504,
    retryAfterSeconds: 5,
    audience: 'operator',
    title: 'The endpoint took too long',
    advice: 'Try again, or raise timeout_ms of the endpoint.',
    exitCode: 7,
  },
  'endpoint-protocol': {
    status: 502,
    retryAfterSeconds: 5,
    audience: 'operator',
    title: 'The endpoint does not answer as its document says',
    callerTitle: 'The endpoint does not answer',
    advice: 'Correct the service or its document.',
    exitCode: 7,
  },
  'endpoint-busy': {
    status: 503,
    retryAfterSeconds: 1,
    audience: 'operator',
    title: 'Too many calls of this endpoint at once',
    advice: 'Try again shortly, or raise concurrency or waiting of the endpoint.',
    exitCode: 7,
  },
} as const satisfies Partial<Record<ErrorCode, ErrorFacts>>
