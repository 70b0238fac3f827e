import { ServiceError } from '../core/errors.ts'

/** One claim that waits. Settles once: with what it waits for, or with a fault. */
export interface Waiter<Item> {
  readonly tenant: string
  readonly resolve: (item: Item) => void
  readonly reject: (fault: unknown) => void
}

export interface ClaimQueueOptions {
  /** Claims that may wait. */
  readonly capacity: number
  readonly waitMilliseconds: number
}

function busy(message: string, waitMilliseconds: number): ServiceError {
  return new ServiceError('sandbox-busy', message, { retryAfterSeconds: Math.ceil(waitMilliseconds / 1000) })
}

/** Claims in waiting: bounded, each with a deadline, fair between tenants. */
export class ClaimQueue<Item> {
  readonly #options: ClaimQueueOptions
  #waiters: Waiter<Item>[] = []

  constructor(options: ClaimQueueOptions) {
    this.#options = options
  }

  get length(): number {
    return this.#waiters.length
  }

  /** Rejects with `sandbox-busy` at the deadline or when the queue is full, and with the signal's reason. */
  async wait(tenant: string, signal: AbortSignal): Promise<Item> {
    signal.throwIfAborted()
    this.#makeRoomFor(tenant)
    const settled = Promise.withResolvers<Item>()
    const waiter: Waiter<Item> = { tenant, resolve: settled.resolve, reject: settled.reject }
    this.#waiters.push(waiter)
    const leave = (fault: unknown) => {
      if (this.#remove(waiter)) settled.reject(fault)
    }
    const { waitMilliseconds } = this.#options
    const timer = setTimeout(
      () => leave(busy(`No sandbox became free within ${waitMilliseconds} ms`, waitMilliseconds)),
      waitMilliseconds,
    )
    const onAbort = () => leave(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await settled.promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** The next to be served: of the tenants below their share the one that holds least, then who waits longest. */
  take(held: (tenant: string) => number, share: number): Waiter<Item> | null {
    const [next] = this.#waiters
      .filter((waiter) => held(waiter.tenant) < share)
      .sort((first, second) => held(first.tenant) - held(second.tenant))
    if (next === undefined) return null
    this.#remove(next)
    return next
  }

  /** How many of those waiting could be served if there were enough sandboxes. */
  servable(held: (tenant: string) => number, share: number): number {
    const tenants = Map.groupBy(this.#waiters, (waiter) => waiter.tenant)
    let total = 0
    for (const [tenant, waiters] of tenants) total += Math.min(waiters.length, Math.max(0, share - held(tenant)))
    return total
  }

  rejectAll(fault: unknown): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(fault)
  }

  /** Full: a tenant with many waiting gives way to one with fewer, else the newcomer is refused. */
  #makeRoomFor(tenant: string): void {
    if (this.#waiters.length < this.#options.capacity) return
    const counts = [...Map.groupBy(this.#waiters, (waiter) => waiter.tenant)].sort(
      ([, first], [, second]) => second.length - first.length,
    )
    const fault = busy(`${this.#options.capacity} claims are waiting already`, this.#options.waitMilliseconds)
    const [greediest] = counts
    const own = counts.find(([name]) => name === tenant)?.[1].length ?? 0
    const victim = greediest?.[1].at(-1)
    if (victim === undefined || (greediest?.[1].length ?? 0) <= own + 1) throw fault
    this.#remove(victim)
    victim.reject(fault)
  }

  #remove(waiter: Waiter<Item>): boolean {
    const index = this.#waiters.indexOf(waiter)
    if (index >= 0) this.#waiters.splice(index, 1)
    return index >= 0
  }
}
