import { setTimeout as sleep } from 'node:timers/promises'
import type { RewrapCounts } from './rewrap-all.ts'

export interface RewrapTold {
  /** Of all that is kept together. */
  readonly onRewrapped: (counts: RewrapCounts) => void
  readonly onFault: (error: unknown) => void
}

/** What is kept under data keys that a key of the service has wrapped. */
export interface Rewrapped {
  rewrap(signal: AbortSignal): Promise<RewrapCounts>
}

const hourMilliseconds = 3_600_000

/**
 * Wraps what former keys have wrapped by the key in use, at once and every hour until it is disposed: another machine that
 * was not started again yet may go on to use a former one. Disposing waits for the step under way.
 */
export function keepRewrapped(
  vaults: readonly Rewrapped[],
  { onRewrapped, onFault }: RewrapTold,
  wait: (signal: AbortSignal) => Promise<unknown> = (signal) =>
    sleep(hourMilliseconds, undefined, { signal, ref: false }),
): AsyncDisposable {
  const ending = new AbortController()
  const { signal } = ending
  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        let [rewrapped, lost] = [0, 0]
        for (const vault of vaults) {
          const counts = await vault.rewrap(signal)
          rewrapped += counts.rewrapped
          lost += counts.lost
        }
        if (!signal.aborted) onRewrapped({ rewrapped, lost })
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
