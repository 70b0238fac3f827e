import { errorTable, type ErrorCode } from './error-table.ts'

interface ErrorDetails {
  readonly cause?: unknown
  /** The member of the request at fault, e.g. `messages[0].content`. */
  readonly parameter?: string
  /** Replaces the table's advice where something more exact is known. */
  readonly advice?: string
  /** Seconds after which a retry makes sense, where more is known than the table says. */
  readonly retryAfterSeconds?: number
  /** When the quota that is used up is renewed. */
  readonly resetsAt?: Date
  /** What a model's provider has said of the request, for the caller to read as it is. */
  readonly answered?: AnsweredRefusal
  /** Headers of an answer that belong to the fault, as name, value, name, value. */
  readonly headers?: readonly string[]
  /** Id of the receipt that says what was hidden of the call, where anything was sent of it. */
  readonly receipt?: string
  /** What a person has to allow before it can succeed. */
  readonly approval?: AwaitedApproval
  /** Id of the decision of a content filter that it came of. */
  readonly decision?: string
  /** The path at which its caller may object to that decision. */
  readonly appeal?: string
}

/** An approval that somebody waits for: by its id a person decides, by its end it is void. */
export interface AwaitedApproval {
  readonly id: string
  readonly expires: Date
}

/** A provider's refusal of a request: its HTTP status and its words for the kind of error, null where it has none. */
export interface AnsweredRefusal {
  readonly status: number
  readonly type: string | null
  readonly code: string | null
}

/** A fault with a code of the closed set. `message` names what was wrong; it never holds a secret or a row's value. */
export class ServiceError extends Error {
  readonly code: ErrorCode
  readonly parameter: string | undefined
  readonly advice: string
  readonly retryAfterSeconds: number | undefined
  readonly resetsAt: Date | undefined
  readonly answered: AnsweredRefusal | undefined
  readonly headers: readonly string[]
  readonly receipt: string | undefined
  readonly approval: AwaitedApproval | undefined
  readonly decision: string | undefined
  readonly appeal: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'ServiceError'
    this.code = code
    this.parameter = details.parameter
    this.advice = details.advice ?? errorTable[code].advice
    this.retryAfterSeconds = details.retryAfterSeconds
    this.resetsAt = details.resetsAt
    this.answered = details.answered
    this.headers = details.headers ?? []
    this.receipt = details.receipt
    this.approval = details.approval
    this.decision = details.decision
    this.appeal = details.appeal
  }

  /** The same fault, of a call that has a receipt. */
  withReceipt(receipt: string): ServiceError {
    return this.#changed({ message: this.message, receipt })
  }

  /** The same fault, with a sentence before its own that says what it came of. */
  because(sentence: string): ServiceError {
    return this.#changed({ message: `${sentence} ${this.message}`, receipt: this.receipt })
  }

  #changed({ message, receipt }: { readonly message: string; readonly receipt: string | undefined }): ServiceError {
    const { cause, parameter, advice, retryAfterSeconds, resetsAt, answered, headers, approval, decision, appeal } =
      this
    const known = {
      cause,
      parameter,
      advice,
      retryAfterSeconds,
      resetsAt,
      answered,
      headers,
      approval,
      decision,
      appeal,
      receipt,
    }
    const details = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
    return Object.assign(new ServiceError(this.code, message, details), { stack: this.stack })
  }
}

/** Any thrown value as a ServiceError: an abort becomes `cancelled` or `deadline-exceeded`, the unknown `internal`. */
export function toServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown
  if (thrown instanceof Error && thrown.name === 'TimeoutError') {
    return new ServiceError('deadline-exceeded', thrown.message, { cause: thrown })
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new ServiceError('cancelled', thrown.message, { cause: thrown })
  }
  return new ServiceError('internal', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown })
}
