import { StorageFailure, type StorageState } from '../storage-failure.ts'

/** By SQLSTATE or its class (postgresql.org/docs/current/errcodes-appendix.html), or by the system's code. */
const states: readonly (readonly [RegExp, Exclude<StorageState, 'ready'>])[] = [
  [/^53100$/, 'disk-full'],
  [/^(55P03|57014|40P01)$/, 'locked'],
  [/^25006$/, 'read-only'],
  [/^XX00[12]$/, 'damaged'],
  [/^(08|28|53|57P|58|3D)/, 'unreachable'],
  [/^(ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/, 'unreachable'],
]

/** What `pg` says without a code when a connection breaks or cannot be had. */
const withoutCode = /^(Connection terminated|timeout e|Query read timeout|Client has encountered a connection error)/

/** The fault that a failure of the server is; anything else is given back. */
export function errorOfPostgres(thrown: unknown): unknown {
  const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown }
  const found = typeof code === 'string' ? states.find(([pattern]) => pattern.test(code)) : undefined
  if (found !== undefined) return new StorageFailure(found[1], String(message), thrown)
  return withoutCode.test(String(message)) ? new StorageFailure('unreachable', String(message), thrown) : thrown
}
