// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.

/** Any value of JSON. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }

export interface ChatMessageContentItem {
  readonly type: string
  readonly [member: string]: unknown
}

export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function'
  /** A text, or a list of parts. */
  readonly content?: string | readonly ChatMessageContentItem[] | null | undefined
  readonly [member: string]: unknown
}

export interface Finding {
  readonly rule: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** What a person has to allow first. */
export interface ProblemApproval {
  readonly id: string
  readonly expires_at: string
}

export interface ProblemError {
  readonly message: string
  readonly type: string
  readonly code: string | null
  /** The member of the request at fault. */
  readonly param: string | null
}

export interface Problem {
  /** urn:sallyport:error: and the code. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** What the reader can do; absent where detail says it. */
  readonly advice?: string | undefined
  readonly code: 'invalid-request' | 'payload-too-large' | 'unsupported-media-type' | 'not-found' | 'model-not-found' | 'method-not-allowed' | 'conflict' | 'wrong-replica' | 'request-in-flight' | 'idempotency-mismatch' | 'unauthenticated' | 'forbidden' | 'suspended' | 'approval-required' | 'identity-unavailable' | 'rate-limited' | 'quota-exceeded' | 'refused' | 'content-blocked' | 'invalid-config' | 'invalid-file' | 'sandbox-unavailable' | 'sandbox-busy' | 'sandbox-lost' | 'database-unavailable' | 'query-failed' | 'model-unavailable' | 'model-timeout' | 'model-rejected' | 'model-protocol' | 'model-overloaded' | 'model-busy' | 'model-refused' | 'endpoint-unavailable' | 'endpoint-timeout' | 'endpoint-protocol' | 'endpoint-busy' | 'deadline-exceeded' | 'cancelled' | 'shutting-down' | 'service-unavailable' | 'storage-unavailable' | 'internal'
  /** When what is refused now is given again. */
  readonly resets_at?: string | undefined
  /** What a person has to allow first. */
  readonly approval?: ProblemApproval | undefined
  /** Why a program or a statement was refused. */
  readonly findings?: readonly Finding[] | undefined
  /** Of the content filter that blocked it. */
  readonly decision_id?: string | undefined
  /** The path at which the caller may object to that decision. */
  readonly appeal?: string | undefined
  /** By which the log has the rest. */
  readonly request_id: string
  readonly message: string
  readonly error: ProblemError
}
