export interface FairQueueOptions {
  /** How many are let in at the same time. */
  readonly running: number
  /** How many may wait, of all callers and of one. */
  readonly waiting: number
  readonly waitingPerCaller: number
  readonly waitMilliseconds: number
  /** What is said to who finds no place, loses it, or has waited for too long. */
  readonly busy: () => Error
}

interface Waiter {
  readonly begin: () => void
  readonly leave: (reason: Error) => void
}

/**
 * Lets a limited number in at a time. Of those who wait, the caller is next who has fewest inside, in turns; so a caller with
 * a hundred waiting delays another by one. Where the line is full, who has most in it gives a place to who has fewer.
 */
export class FairQueue {
  readonly #options: FairQueueOptions
  /** Those who wait by caller; the caller whose turn comes last stands last. */
  readonly #waiting = new Map<string, Waiter[]>()
  readonly #inside = new Map<string, number>()
  #running = 0
  #waitingCount = 0

  constructor(options: FairQueueOptions) {
    this.#options = options
  }

  /** Resolves inside; disposing leaves. Rejects with `busy`, or the reason of the signal, and then nothing is left behind. */
  async enter(caller: string, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted()
    if (this.#running < this.#options.running) this.#begin(caller)
    else await this.#wait(caller, signal)
    let isInside = true
    return {
      [Symbol.dispose]: () => {
        if (!isInside) return
        isInside = false
        this.#end(caller)
      },
    }
  }

  #begin(caller: string): void {
    this.#running += 1
    this.#inside.set(caller, (this.#inside.get(caller) ?? 0) + 1)
  }

  #end(caller: string): void {
    this.#running -= 1
    const left = (this.#inside.get(caller) ?? 1) - 1
    if (left === 0) this.#inside.delete(caller)
    else this.#inside.set(caller, left)
    this.#next()?.begin()
  }

  #wait(caller: string, signal: AbortSignal): Promise<void> {
    const { busy, waitMilliseconds, waitingPerCaller } = this.#options
    const mine = this.#waiting.get(caller) ?? []
    if (mine.length >= waitingPerCaller || !this.#makeRoom(mine.length)) return Promise.reject(busy())
    return new Promise((resolve, reject) => {
      const over = (): void => {
        clearTimeout(late)
        signal.removeEventListener('abort', hangUp)
      }
      const leave = (reason: Error): void => {
        over()
        this.#remove(caller, waiter)
        reject(reason)
      }
      const begin = (): void => {
        over()
        this.#begin(caller)
        resolve()
      }
      const hangUp = (): void => leave(signal.reason as Error)
      const late = setTimeout(() => leave(busy()), waitMilliseconds)
      signal.addEventListener('abort', hangUp)
      const waiter: Waiter = { begin, leave }
      mine.push(waiter)
      this.#waiting.set(caller, mine)
      this.#waitingCount += 1
    })
  }

  /** Is there a place for one more of a caller who has so many waiting? */
  #makeRoom(mine: number): boolean {
    if (this.#waitingCount < this.#options.waiting) return true
    let most: readonly Waiter[] = []
    for (const waiters of this.#waiting.values()) if (waiters.length > most.length) most = waiters
    if (most.length <= mine + 1) return false
    most.at(-1)?.leave(this.#options.busy())
    return true
  }

  #remove(caller: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(caller)
    const at = waiters?.indexOf(waiter) ?? -1
    if (waiters === undefined || at < 0) return
    waiters.splice(at, 1)
    this.#waitingCount -= 1
    if (waiters.length === 0) this.#waiting.delete(caller)
  }

  #next(): Waiter | undefined {
    let next: string | undefined
    for (const caller of this.#waiting.keys()) {
      const isEarlier = next !== undefined && this.#insideOf(caller) >= this.#insideOf(next)
      if (!isEarlier) next = caller
    }
    if (next === undefined) return undefined
    const waiters = this.#waiting.get(next) ?? []
    const waiter = waiters.shift()
    this.#waitingCount -= 1
    this.#waiting.delete(next)
    if (waiters.length > 0) this.#waiting.set(next, waiters)
    return waiter
  }

  #insideOf(caller: string): number {
    return this.#inside.get(caller) ?? 0
  }
}
