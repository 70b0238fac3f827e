import { createRequire } from 'node:module'

const symbols = createRequire(import.meta.url)('undici/lib/core/symbols.js') as { readonly kQueuedAbort?: unknown }

/**
 * The option by which undici hands out how to take a request out of its queues again, as long as there is no connection
 * for it; nobody who waits for the connection means that it is not made. undici has this for its own functions that take a
 * signal and publishes no name for it, while `dispatch` without it keeps the body of a call whose caller has gone until
 * the connection is made or given up.
 */
export const queuedAbort: symbol = symbolOf(symbols.kQueuedAbort)

/** Another undici may have it by another name: bodies of callers who left would then be kept without a word. */
function symbolOf(value: unknown): symbol {
  if (typeof value === 'symbol') return value
  throw new TypeError(
    'This undici does not say how a request is taken out of its queues: use the version of the lockfile.',
  )
}
