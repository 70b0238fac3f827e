import { z } from 'zod'
import type { ErrorCode } from '../../core/error-table.ts'
import type { KeyScope } from '../../core/key-scopes.ts'

/** A zod schema of some kind: what a caller may write of it, and what comes of it. */
type Schema = z.ZodType

/** The events of a stream. */
export interface StreamContract {
  /** Of the JSON that an event has for data. */
  readonly event: z.ZodType
  /** By what a reader knows that nothing is missing: the data of its last event, or the `type` in it. */
  readonly last: string
}

/**
 * One route of a JSON surface, as data: the server reads requests and checks answers by it, the command line asks by it, and
 * the OpenAPI document is made from it, so that none of them can say something else.
 */
export interface RouteContract<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Answer extends Schema = Schema,
> {
  /** `keys.create`; the `operationId`, and what the audit trail calls it. */
  readonly id: string
  readonly method: 'get' | 'post' | 'delete'
  /** `/admin/v1/keys/{id}` */
  readonly path: string
  /** One sentence for people. */
  readonly summary: string
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly status: 200 | 201 | 204 | 303
  /** What its body is where it is no JSON. */
  readonly bodyType?: 'multipart/form-data'
  readonly answer: Answer
  /** What it may be answered with beside those of every route of its surface. */
  readonly errors: readonly ErrorCode[]
  /** Members of its body that go on the audit trail as they are; of the others only that there was one. */
  readonly told?: readonly string[]
  /** Who may ask: anybody, whoever has a key (as without it), or those whose key has a scope. */
  readonly access?: 'open' | 'key' | KeyScope
  /** What it is answered with that is no JSON, by its media type. */
  readonly answerType?: string
  /** May its answer be a stream of server-sent events, where the request asks for one? What they are, where it is said. */
  readonly streams?: boolean | StreamContract
  /** Headers of a request that count, each with what may stand in it. */
  readonly headers?: Readonly<Record<string, z.ZodString>>
  /** The form of its faults, where a problem has another one there. */
  readonly fault?: Schema
}

/** Of a route that takes nothing of a kind. */
export const noParams = z.strictObject({})
/** What stands in an address for one thing: no sign that an address gives a meaning to. */
export const plainId = z.string().regex(/^[\w.:@~-]{1,200}$/)
/** Of a route without a body, in either direction. */
export const noBody = z.void()

/** A contract, with its types. */
export function route<P extends Schema, Q extends Schema, B extends Schema, A extends Schema>(
  contract: RouteContract<P, Q, B, A>,
): RouteContract<P, Q, B, A> {
  return contract
}

/** Does it take a body? */
export const hasBody = ({ body }: RouteContract): boolean => body !== noBody
/** Is it answered with a body? */
export const hasAnswer = ({ answer }: RouteContract): boolean => answer !== noBody
