import { setTimeout as sleep } from 'node:timers/promises'
import type { Vault } from './vault.ts'

export interface RewrapTold {
  /** How many conversations a former key had wrapped, and how many need a key that is not there. */
  readonly onRewrapped: (counts: { readonly rewrapped: number; readonly lost: number }) => void
  readonly onFault: (error: unknown) => void
}

const hourMilliseconds = 3_600_000

/**
 * Wraps what former keys have wrapped by the key in use, at once and every hour until it is disposed: another machine that
 * was not started again yet may go on to use a former one. Disposing waits for the step under way.
 */
export function keepRewrapped(
  vault: Pick<Vault, 'rewrap'>,
  { onRewrapped, onFault }: RewrapTold,
  wait: (signal: AbortSignal) => Promise<unknown> = (signal) =>
    sleep(hourMilliseconds, undefined, { signal, ref: false }),
): AsyncDisposable {
  const ending = new AbortController()
  const { signal } = ending
  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const counts = await vault.rewrap(signal)
        if (!signal.aborted) onRewrapped(counts)
      } catch (error) {
        onFault(error)
      }
      await wait(signal).catch(() => undefined)
    }
  }
  const kept = keep()
  return {
    [Symbol.asyncDispose]: async () => {
      ending.abort()
      await kept
    },
  }
}
