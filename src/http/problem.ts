import { errorTable } from '../core/error-table.ts'
import { ServiceError, toServiceError } from '../core/errors.ts'

/** OpenAI's error member, which their clients read. */
export interface OpenAiError {
  readonly message: string
  readonly type: string
  readonly code: string
  readonly param: string | null
}

/** RFC 9457 problem details with OpenAI's `error` beside them, so that both kinds of client understand it. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** What the reader can do; absent where `detail` says it already. */
  readonly advice?: string
  readonly code: string
  readonly request_id: string
  readonly error: OpenAiError
}

export const problemMediaType = 'application/problem+json; charset=utf-8'

/** What the caller may know of an error: an unexposed one keeps its message for the log. */
export function toProblem(error: ServiceError, requestId: string): Problem {
  // A caller can do nothing about the configuration, and its message names what only the operator should know.
  const code = error.code === 'invalid-config' ? 'internal' : error.code
  const facts = errorTable[code]
  const detail = facts.exposed ? error.message : `${facts.title}.`
  const advice = facts.exposed ? error.advice : facts.advice
  return {
    type: `urn:sallyport:error:${code}`,
    title: facts.title,
    status: facts.status,
    detail,
    ...(advice === '' ? {} : { advice }),
    code,
    request_id: requestId,
    error: {
      message: `${detail} ${advice}`.trim(),
      type: facts.openaiType,
      code,
      param: facts.exposed ? (error.parameter ?? null) : null,
    },
  }
}

/** Headers that belong to a problem. */
export function problemHeaders(error: ServiceError): Readonly<Record<string, string>> {
  return {
    'content-type': problemMediaType,
    'cache-control': 'no-store',
    ...(error.code === 'unauthenticated' ? { 'www-authenticate': 'Bearer realm="sallyport"' } : {}),
    ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
  }
}

const byStatus: Readonly<
  Record<number, [code: 'invalid-request' | 'payload-too-large' | 'unsupported-media-type', message: string]>
> = {
  400: ['invalid-request', 'The request cannot be read.'],
  413: ['payload-too-large', 'The body is larger than the limit.'],
  415: ['unsupported-media-type', 'The encoding of the body is not supported.'],
}

/** Faults of the web framework's own (a bad address, a broken upload) come with a status; any other value is a fault inside. */
export function toHttpError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown
  const status = thrown instanceof Error && 'status' in thrown ? thrown.status : null
  const known = typeof status === 'number' ? byStatus[status] : undefined
  return known === undefined ? toServiceError(thrown) : new ServiceError(known[0], known[1], { cause: thrown })
}
