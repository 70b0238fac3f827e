import type { ServiceError } from '../../core/errors.ts'
import { abortFault, deadlineFault } from '../abort.ts'
import type { ServerConnection } from './connection-pool.ts'

/** How long a server has to act on a cancel request before its connection is cut. */
const cancelGraceMilliseconds = 150

/**
 * Runs `work` on a connection and ends it when the deadline or the signal comes: a second connection asks the server to
 * cancel, since it does not listen on this one while it works.
 */
export async function supervised<T>(
  connection: ServerConnection,
  limits: { readonly signal: AbortSignal; readonly timeoutMilliseconds: number },
  work: () => Promise<T>,
): Promise<T> {
  const { signal, timeoutMilliseconds } = limits
  const { promise: ended, reject } = Promise.withResolvers<never>()
  let grace: NodeJS.Timeout | undefined
  const end = (reason: ServiceError): void => {
    reject(reason)
    void connection.cancel()
    grace = setTimeout(() => connection.cut(), cancelGraceMilliseconds)
  }
  const onAbort = (): void => end(abortFault(signal))
  const deadline = setTimeout(() => end(deadlineFault(timeoutMilliseconds)), timeoutMilliseconds)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (signal.aborted) throw abortFault(signal)
    const working = work()
    const result = await Promise.race([working, ended]).catch(async (error: unknown) => {
      // The connection is given back only when the server has let go of it.
      await working.catch(() => {})
      throw error
    })
    return result
  } finally {
    clearTimeout(deadline)
    clearTimeout(grace)
    signal.removeEventListener('abort', onAbort)
    ended.catch(() => {})
  }
}
