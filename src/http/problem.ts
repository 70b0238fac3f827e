import { errorTable, type ErrorCode } from '../core/error-table.ts'
import { ServiceError, toServiceError, type AwaitedApproval } from '../core/errors.ts'
import { receiptHeader } from '../core/model-call.ts'

/** OpenAI's error member, which their clients read. */
export interface OpenAiError {
  readonly message: string
  readonly type: string
  readonly code: string | null
  readonly param: string | null
}

/** RFC 9457 problem details with OpenAI's `error` and a bare `message` beside them: each client reads another one. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** What the reader can do; absent where `detail` says it already. */
  readonly advice?: string
  readonly code: string
  /** When the quota is renewed, ISO 8601; absent where no quota was used up. */
  readonly resets_at?: string
  /** What a person has to allow first; absent where nobody is waited for. */
  readonly approval?: { readonly id: string; readonly expires_at: string }
  /** Of a content filter; absent where none had a say. */
  readonly decision_id?: string
  /** The path at which its caller may object to the decision; absent where nowhere. */
  readonly appeal?: string
  readonly request_id: string
  readonly message: string
  readonly error: OpenAiError
}

export const problemMediaType = 'application/problem+json; charset=utf-8'

const adviceForCallers = {
  repeat: 'Try again shortly; if it stays so, give the request id to the operator.',
  report: 'Give the request id to the operator: the log has the details.',
}

/** A caller can do nothing about the configuration, and its message names what only the operator should know. */
function codeForCallers(error: ServiceError): ErrorCode {
  return error.code === 'invalid-config' ? 'internal' : error.code
}

/** What a caller may know of an error; the rest stays in the log. */
export function toProblem(error: ServiceError, requestId: string): Problem {
  const code = codeForCallers(error)
  const { audience, retryAfterSeconds, openaiCode = code, ...facts } = errorTable[code]
  const { answered } = error
  const status = answered?.status ?? facts.status
  const title = facts.callerTitle ?? facts.title
  const isShown = audience === 'caller'
  const detail = isShown ? error.message : `${title}.`
  const advice = isShown ? error.advice : adviceForCallers[retryAfterSeconds === null ? 'report' : 'repeat']
  const message = `${detail} ${advice}`.trim()
  return {
    type: `urn:sallyport:error:${code}`,
    title,
    status,
    detail,
    ...(advice === '' ? {} : { advice }),
    code,
    ...(error.resetsAt === undefined ? {} : { resets_at: error.resetsAt.toISOString() }),
    ...(error.approval === undefined ? {} : { approval: approvalJson(error.approval) }),
    ...(error.decision === undefined ? {} : { decision_id: error.decision }),
    ...(error.appeal === undefined ? {} : { appeal: error.appeal }),
    request_id: requestId,
    message,
    error: {
      message,
      type: answered?.type ?? openaiTypeOf(code),
      code: answered === undefined ? openaiCode : answered.code,
      param: isShown ? (error.parameter ?? null) : null,
    },
  }
}

/**
 * What of a problem stands beside its error in the middle of a stream: what a person has to allow, and where its caller may
 * object.
 */
export function toldBesideError({ approval, decision_id, appeal }: Problem): Partial<Problem> {
  return {
    ...(approval === undefined ? {} : { approval }),
    ...(decision_id === undefined ? {} : { decision_id }),
    ...(appeal === undefined ? {} : { appeal }),
  }
}

function approvalJson({ id, expires }: AwaitedApproval) {
  return { id, expires_at: expires.toISOString() }
}

/** OpenAI's `error.type`, which follows from the status. */
function openaiTypeOf(code: ErrorCode): string {
  const { status } = errorTable[code]
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}

/** Headers that belong to a problem. */
export function problemHeaders(error: ServiceError): Readonly<Record<string, string>> {
  return {
    'content-type': problemMediaType,
    'cache-control': 'no-store',
    ...(error.receipt === undefined ? {} : { [receiptHeader]: error.receipt }),
    ...(error.code === 'unauthenticated' ? { 'www-authenticate': 'Bearer realm="sallyport"' } : {}),
    ...repeatHeaders(error),
    // Last, since a fault may know more of who gives credentials than is known here.
    ...Object.fromEntries(error.headers.flatMap((name, at, all) => (at % 2 === 0 ? [[name, all[at + 1] ?? '']] : []))),
  }
}

/** The longest wait, in seconds, that OpenAI's client keeps to; it answers a longer one by asking again at once. */
const longestWaitSeconds = 60

/** `Retry-After` for what may succeed later, `x-should-retry: false` for what a client must not repeat by itself. */
function repeatHeaders(error: ServiceError): Readonly<Record<string, string>> {
  const known = errorTable[codeForCallers(error)].retryAfterSeconds
  if (known === null) return { 'x-should-retry': 'false' }
  const seconds = Math.max(0, Math.ceil(error.retryAfterSeconds ?? known))
  return { 'retry-after': String(seconds), ...(seconds > longestWaitSeconds ? { 'x-should-retry': 'false' } : {}) }
}

type HttpErrorCode = 'invalid-request' | 'payload-too-large' | 'unsupported-media-type'

const byStatus: Readonly<Record<number, readonly [code: HttpErrorCode, message: string]>> = {
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
