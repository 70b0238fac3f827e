import { setTimeout as wait } from 'node:timers/promises'
import { exchange, isClassification } from './exchange.ts'
import type { Target } from './request.ts'
import type { Planned } from './traffic.ts'

/** How one request ended. */
export interface Ended {
  /** Name of its kind; null for an honest caller. */
  readonly kind: string | null
  /** null where nothing was answered in time. */
  readonly status: number | null
  /** Did an honest caller get what they asked for? */
  readonly isServed: boolean
  /** From the moment it was due, so that a sender who is late hides nothing. */
  readonly milliseconds: number
}

export interface ThrowOptions {
  readonly target: Target
  /** How long a caller waits for an answer. */
  readonly patienceMilliseconds: number
}

/**
 * Sends each request when it is due, however many are under way and whatever became of those before (open loop). Resolves when the
 * last has ended. Rejects with the signal's reason.
 */
export async function throwTraffic(
  traffic: readonly Planned[],
  { target, patienceMilliseconds }: ThrowOptions,
  signal: AbortSignal,
): Promise<readonly Ended[]> {
  const started = performance.now()
  const ended: Promise<Ended>[] = []
  for (const { kind, request, due } of traffic) {
    const early = started + due - performance.now()
    if (early > 1) await wait(early, undefined, { signal })
    signal.throwIfAborted()
    const one = async (): Promise<Ended> => {
      const answered = await exchange(request, target, patienceMilliseconds)
      const milliseconds = performance.now() - started - due
      return { kind, status: answered.status, isServed: isClassification(answered), milliseconds }
    }
    ended.push(one())
  }
  return Promise.all(ended)
}
