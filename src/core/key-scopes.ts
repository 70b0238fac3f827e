/**
 * What an API key may be used for, each of which one stage or route asks about. A scope gives nothing by itself: what the
 * group of the key may do counts as well.
 *
 * - `ask`: the service's own model.
 * - `models`: models of upstreams, and what they keep; guarded endpoints; checks of content.
 * - `sql`: statements that the caller wrote.
 * - `execute`: programs that the caller wrote, and the files of its sessions.
 * - `sessions`: sessions, opened, listed and closed.
 * - `privacy`: receipts, reports and searches of the PII proxy.
 * - `metrics`: the metrics of the process.
 * - `approve`: deciding what another caller asked to run. No key has it that was not given it by name.
 * - `admin`: what is for operators. No key has it that was not given it by name.
 */
export const keyScopes = [
  'ask',
  'models',
  'sql',
  'execute',
  'sessions',
  'privacy',
  'metrics',
  'approve',
  'admin',
] as const

export type KeyScope = (typeof keyScopes)[number]

/** Of a key that names none. */
export const defaultKeyScopes: readonly KeyScope[] = keyScopes.filter(
  (scope) => scope !== 'approve' && scope !== 'admin',
)
