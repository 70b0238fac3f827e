import type { Secret } from './secret.ts'

/** How much a body may be. */
export interface BodyLimits {
  /** After decompression. */
  readonly bytes: number
  /** How many times its compressed bytes it may unpack to. */
  readonly ratio: number
  /** Of a body of JSON; null for one that is no JSON. */
  readonly json: { readonly depth: number; readonly values: number } | null
}

/** A body within its limits. */
export interface ReadBody {
  /** As they came but for their compression. */
  readonly bytes: Buffer
  /** Of a body of JSON, in which no name stands twice; undefined for any other. */
  readonly value: unknown
}

/** A call of an endpoint, of which nothing but the caller's key has been looked at. */
export interface ReceivedEndpointCall {
  readonly requestId: string
  readonly channel: 'http'
  readonly credential: Secret | null
  /** Its name in the configuration, as the caller wrote it. */
  readonly endpoint: string
  readonly method: string
  /** Below the address of the endpoint, as written, without its query: `/predict`. */
  readonly path: string
  /** Behind the question mark, as written; null without one. */
  readonly query: string | null
  /** Name, value, name, value, as they arrived. */
  readonly headers: readonly string[]
  readonly hasBody: boolean
  /** Reads the body once. Rejects with what is wrong with it. */
  readonly readBody: (limits: BodyLimits) => Promise<ReadBody>
  /** The value of JSON in a part of the body, in which no name stands twice. Throws `invalid-request` for anything else. */
  readonly readJson: (bytes: Buffer, limits: NonNullable<BodyLimits['json']>) => unknown
}

/** An answer that is as the document of its endpoint says. */
export interface EndpointAnswer {
  readonly status: number
  /** null for an answer without a body. */
  readonly contentType: string | null
  readonly body: Buffer
  /** Name, value, name, value: what the service itself says of the call. */
  readonly headers: readonly string[]
}

/** Passes one call on and gives its answer. Rejects with a ServiceError. */
export type PassEndpointCall = (call: ReceivedEndpointCall, signal: AbortSignal) => Promise<EndpointAnswer>

/** What is known of a call that is about to be sent. */
export interface EndpointCallFacts {
  readonly requestId: string
  readonly principal: string
  readonly group: string
  readonly endpoint: string
  readonly operation: string
  readonly method: string
  /** The path as the document has it: `/images/{id}`. */
  readonly template: string
  readonly server: { readonly address: string; readonly port: number }
  /** For its turn. */
  readonly waitedMilliseconds: number
  readonly body: Buffer | null
}
