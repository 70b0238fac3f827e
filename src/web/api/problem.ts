import type { Problem } from '../../client/generated/shared.ts'

/** What a refused or failed call said of itself; shapes as the service's problem documents (RFC 9457) have them. */
export class ProblemError extends Error {
  /** Of the service's table of errors; `unreachable` where no answer came, `unreadable` where it was none of the service's. */
  readonly code: string
  /** Of HTTP; 0 where no answer came. */
  readonly status: number
  /** What the reader can do; null where the message says it. */
  readonly advice: string | null
  /** By which the log has the rest; null where no answer came. */
  readonly requestId: string | null
  /** The document as it came: findings, the approval asked for, the path of an appeal. */
  readonly document: Partial<Problem>

  constructor(
    message: string,
    of: { code: string; status: number; advice?: string | null; requestId?: string | null; document?: object },
  ) {
    super(message)
    this.name = 'ProblemError'
    this.code = of.code
    this.status = of.status
    this.advice = of.advice ?? null
    this.requestId = of.requestId ?? null
    this.document = { ...of.document }
  }
}

/** No answer came: the network, the service or a proxy in between is down. */
export function unreachable(cause: unknown): ProblemError {
  const problem = new ProblemError('The service did not answer.', {
    code: 'unreachable',
    status: 0,
    advice: 'Look whether it runs and this machine reaches it, then try again.',
  })
  problem.cause = cause
  return problem
}

/**
 * Reads the body of an answer that says no. A body that is no problem document came from something in between.
 * @param text the body as it came
 */
export function problemOf(status: number, text: string, requestId: string | null): ProblemError {
  const document = recordOf(text)
  const { detail, title, code, advice } = document
  const said = typeof detail === 'string' ? detail : title
  if (typeof said !== 'string' || typeof code !== 'string')
    return new ProblemError(`The answer ${status} is not one of this service.`, {
      code: 'unreadable',
      status,
      advice: 'Something between this page and the service answered in its place; try again, or ask who runs it.',
      requestId,
    })
  return new ProblemError(said, {
    code,
    status,
    advice: typeof advice === 'string' ? advice : null,
    requestId: typeof document.request_id === 'string' ? document.request_id : requestId,
    document,
  })
}

/** Any thrown value as a problem that can be shown. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  return new ProblemError(error instanceof Error ? error.message : String(error), { code: 'internal', status: 0 })
}

function recordOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
