import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for the decision about one approval. */
export interface AwaitedDecision extends Disposable {
  /** Resolves after so many milliseconds, or as soon as it is decided in this process since it is awaited. Rejects with the signal. */
  within(milliseconds: number, signal: AbortSignal): Promise<void>
}

/**
 * Wakes the runs of this process whose approval is decided in it. A decision at the command line, or in another process, rings
 * nowhere: whoever waits looks into the storage from time to time as well.
 */
export class DecisionWatch {
  readonly #awaited = new Map<string, Set<() => void>>()

  decided(id: string): void {
    for (const wake of this.#awaited.get(id) ?? []) wake()
  }

  await(id: string): AwaitedDecision {
    const { promise, resolve } = Promise.withResolvers<void>()
    const others = this.#awaited.get(id) ?? new Set()
    this.#awaited.set(id, others.add(resolve))
    return {
      async within(milliseconds, signal) {
        const woken = new AbortController()
        const time = sleep(milliseconds, undefined, { signal: AbortSignal.any([signal, woken.signal]) })
        try {
          await Promise.race([promise, time])
        } finally {
          woken.abort()
        }
      },
      [Symbol.dispose]: () => {
        others.delete(resolve)
        if (others.size === 0 && this.#awaited.get(id) === others) this.#awaited.delete(id)
      },
    }
  }
}
