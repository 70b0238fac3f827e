import type { Problem } from './generated/shared.ts'

/** Codes of faults that the service has no part in. */
export type ClientCode =
  /** No answer: the service cannot be reached, or the connection broke. */
  | 'unreachable'
  /** An answer that is none of the service: of a proxy, or of something else at that address. */
  | 'unexpected-answer'
  /** A stream ended before its last event: whether all was done is not known. */
  | 'stream-cut'

export interface SallyportErrorOptions {
  readonly code: Problem['code'] | ClientCode
  readonly message: string
  /** Of HTTP; null where there was no answer, or it came within a stream. */
  readonly status?: number | null
  readonly problem?: Problem | null
  readonly requestId?: string | null
  readonly retryAfterMilliseconds?: number | null
  readonly cause?: unknown
}

/** Why a call came to nothing. What a caller gave up rejects with the reason of its signal instead. */
export class SallyportError extends Error {
  override readonly name = 'SallyportError'
  /** By which it can be told from others; docs/errors.md lists those of the service. */
  readonly code: Problem['code'] | ClientCode
  readonly status: number | null
  /** All that the service said; null where it said nothing. */
  readonly problem: Problem | null
  /** By which the log of the service has the rest. */
  readonly requestId: string | null
  /** When the service asks to be asked again; null where it does not. */
  readonly retryAfterMilliseconds: number | null

  constructor(options: SallyportErrorOptions) {
    super(options.message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = options.code
    this.status = options.status ?? null
    this.problem = options.problem ?? null
    this.requestId = this.problem?.request_id ?? options.requestId ?? null
    this.retryAfterMilliseconds = options.retryAfterMilliseconds ?? null
  }
}

/** A problem, or OpenAI's member of one, which an event of a stream has. */
type Said = Pick<Problem, 'code' | 'message'> & Partial<Problem>

function isSaid(value: unknown): value is Said {
  if (typeof value !== 'object' || value === null) return false
  const { code, message } = value as { readonly code?: unknown; readonly message?: unknown }
  return typeof code === 'string' && typeof message === 'string'
}

/** What a problem says, which may have come within a stream. */
export function errorOf(said: unknown, about: Partial<SallyportErrorOptions> = {}): SallyportError {
  if (isSaid(said)) {
    const problem = said.request_id === undefined ? null : (said as Problem)
    return new SallyportError({ ...about, code: said.code, message: said.message, problem })
  }
  const message = `The answer is none of Sallyport${about.status == null ? '' : `, with status ${about.status}`}. Is the address right, and is a proxy in between?`
  return new SallyportError({ ...about, code: 'unexpected-answer', message })
}

/** Why an answer with a status of a failure came. */
export async function errorFrom(response: Response): Promise<SallyportError> {
  const { status, headers } = response
  const about = { status, requestId: headers.get('x-request-id'), retryAfterMilliseconds: retryAfterOf(headers) }
  const text = await response.text().catch(() => '')
  try {
    return errorOf(JSON.parse(text) as unknown, about)
  } catch (cause) {
    return errorOf(null, { ...about, cause })
  }
}

/** The service sends seconds; a proxy may send a date, which needs a clock that agrees and is passed over. */
export function retryAfterOf(headers: Headers): number | null {
  const seconds = headers.get('retry-after')
  return seconds !== null && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1_000 : null
}
