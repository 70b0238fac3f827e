import { setTimeout as sleep } from 'node:timers/promises'
import type { Forgotten } from './sweep.ts'

export interface RetentionTold {
  /** Called where something was forgotten. */
  readonly onForgotten: (forgotten: Forgotten) => void
  readonly onFault: (error: unknown) => void
}

interface RetentionParts extends RetentionTold {
  readonly sweep: (signal: AbortSignal) => Promise<Forgotten>
  /** Rejects where the signal ends it. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
}

export const dayMilliseconds = 86_400_000
/** A sweep that failed is tried again sooner. */
export const retryMilliseconds = 600_000

/** Sweeps at once and once a day until it is disposed, which waits for the step under way. */
export function keepRetention({ sweep, wait = waitFor, onForgotten, onFault }: RetentionParts): AsyncDisposable {
  const ending = new AbortController()
  const sweepOnce = async (): Promise<number> => {
    try {
      const forgotten = await sweep(ending.signal)
      if (Object.values(forgotten).some((count) => count > 0)) onForgotten(forgotten)
      return dayMilliseconds
    } catch (error) {
      onFault(error)
      return retryMilliseconds
    }
  }
  const keep = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const pause = await sweepOnce()
      await wait(pause, ending.signal).catch(() => undefined)
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

function waitFor(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  return sleep(milliseconds, undefined, { signal, ref: false })
}
