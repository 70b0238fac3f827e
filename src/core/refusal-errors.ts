import type { ErrorFacts } from './error-facts.ts'

/** Rows of the table of errors: what filters of content refuse, requests with an Idempotency-Key, with the statuses of its draft, and what is another process's. */
export const refusalErrors = {
  'content-blocked': {
    status: 400,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'Blocked by a content filter',
    advice: 'Say it otherwise, or ask the operator about the filter profile of your group.',
    exitCode: 3,
    openaiCode: 'content_filter',
  },
  'request-in-flight': {
    status: 409,
    retryAfterSeconds: 1,
    audience: 'caller',
    title: 'A request with this Idempotency-Key is being answered',
    advice: 'Send it again a little later: it is given the answer of the first.',
    exitCode: 1,
  },
  'wrong-replica': {
    // RFC 9110: a server that cannot answer for what is asked, and a balancer may ask another one.
    status: 421,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'Another replica of the service has this',
    advice: 'Send it to the replica that the header x-sallyport-replica names, or begin anew.',
    exitCode: 2,
  },
  'idempotency-mismatch': {
    status: 422,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'Another request had this Idempotency-Key',
    advice: 'Use a key of its own for each request.',
    exitCode: 2,
  },
} as const satisfies Readonly<Record<string, ErrorFacts>>
