import { setTimeout as wait } from 'node:timers/promises'
import type { ServiceError } from '../../core/errors.ts'
import { abortFault, deadlineFault } from '../abort.ts'
import type { ServerConnection } from './connection-pool.ts'

/** How long a server has to act on a cancel request before its connection is cut. */
const cancelGraceMilliseconds = 150

/**
 * When the request is made again, counted from the one before. A server heeds it only while it works: one that comes between
 * two messages of a statement is lost without a word, and the server then works on what it is sent next. It may do so after its
 * connection was cut, too, with what had arrived before.
 */
const cancelAgainMilliseconds = [30, 60, 110, 250, 500, 1000, 2000, 4000] as const

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
  const ending = { letGo: false, cut: false }
  const end = (reason: ServiceError): void => {
    reject(reason)
    void cancelUntilLetGo(connection, ending)
    grace = setTimeout(() => {
      ending.cut = true
      connection.cut()
    }, cancelGraceMilliseconds)
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
    ending.letGo = true
    signal.removeEventListener('abort', onAbort)
    ended.catch(() => {})
  }
}

/**
 * Asks until the server has answered. The end of a connection that was cut here is no answer: then requests are made until the server
 * says that it has no such connection any more, or every one was.
 */
async function cancelUntilLetGo(
  connection: ServerConnection,
  ending: { readonly letGo: boolean; readonly cut: boolean },
): Promise<void> {
  if (await connection.cancel()) return
  for (const milliseconds of cancelAgainMilliseconds) {
    // Nothing waits for these: a process that has nothing else to do ends, and the server's own timeout is left.
    await wait(milliseconds, undefined, { ref: false })
    if ((ending.letGo && !ending.cut) || (await connection.cancel())) return
  }
}
