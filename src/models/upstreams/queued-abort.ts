import { createRequire } from 'node:module'

const symbols = createRequire(import.meta.url)('undici/lib/core/symbols.js') as { readonly kQueuedAbort: symbol }

/**
 * The option by which undici hands out how to take a request out of its queues again, as long as there is no connection
 * for it; nobody who waits for the connection means that it is not made. undici has this for its own functions that take a
 * signal and publishes no name for it, while `dispatch` without it keeps the body of a call whose caller has gone until
 * the connection is made or given up.
 */
export const queuedAbort: symbol = symbols.kQueuedAbort
