import { hash } from 'node:crypto'
import type { AuthenticatedCall } from '../../core/model-call.ts'

type Sent = Pick<AuthenticatedCall, 'headers' | 'principal'>

/**
 * The headers of a call with its idempotency key made the caller's own. Behind one key of a provider all callers are one
 * to it: two of them who send the same idempotency key would get each other's answers. Equal for equal keys of one caller,
 * so that a call that is repeated is still told to be one.
 */
export function ownIdempotencyKeys({ headers, principal }: Sent): readonly string[] {
  return withKeysOf(headers, [principal.kind, principal.id])
}

/** The call that asks for another answer than its first: by the same key, a provider would give that one again. */
export function askedAnew<Call extends Sent>(call: Call): Call {
  return { ...call, headers: withKeysOf(call.headers, ['another answer']) }
}

function withKeysOf(headers: readonly string[], whose: readonly string[]): readonly string[] {
  const isKey = (at: number): boolean => at % 2 === 0 && headers[at]?.toLowerCase() === 'idempotency-key'
  if (!headers.some((_, at) => isKey(at))) return headers
  return headers.map((part, at) => (at > 0 && isKey(at - 1) ? hash('sha256', JSON.stringify([...whose, part])) : part))
}
