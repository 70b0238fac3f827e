import { ServiceError } from '../../core/errors.ts'

/** `ready`: any that was made beforehand. `place`: room for one that is going to be made for this claim. */
export type Wanted = 'ready' | 'place'

/** One claim that waits. Settles once: with what it waits for, or with a fault. */
export interface Waiter<Item> {
  readonly tenant: string
  readonly wanted: Wanted
  readonly resolve: (item: Item) => void
  readonly reject: (fault: unknown) => void
}

export interface ClaimQueueOptions {
  /** Claims that may wait. */
  readonly capacity: number
  readonly waitMilliseconds: number
  /** What the last start of a sandbox failed with; null where it did not. */
  readonly lastFault?: () => string | null
}

function busy(message: string, waitMilliseconds: number): ServiceError {
  return new ServiceError('sandbox-busy', message, { retryAfterSeconds: Math.ceil(waitMilliseconds / 1000) })
}

/**
 * Claims in waiting: bounded, each with a deadline, fair between tenants.
 *
 * In a queue of three with claims `a a a`, a claim of `b` makes the last claim of `a` fail with `sandbox-busy` and takes
 * its place. The next free sandbox goes to `b`, which holds none, although `a` has waited longer.
 */
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
  async wait(claim: { readonly tenant: string; readonly wanted: Wanted }, signal: AbortSignal): Promise<Item> {
    const { tenant, wanted } = claim
    signal.throwIfAborted()
    this.#makeRoomFor(tenant)
    const settled = Promise.withResolvers<Item>()
    const waiter: Waiter<Item> = { tenant, wanted, resolve: settled.resolve, reject: settled.reject }
    this.#waiters.push(waiter)
    const leave = (fault: unknown) => {
      if (this.#remove(waiter)) settled.reject(fault)
    }
    const { waitMilliseconds, lastFault } = this.#options
    const timer = setTimeout(() => {
      const fault = lastFault?.() ?? null
      const message = `No sandbox became free within ${waitMilliseconds} ms${fault === null ? '' : `: the last start failed (${fault})`}`
      leave(busy(message, waitMilliseconds))
    }, waitMilliseconds)
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
  next(held: (tenant: string) => number, share: number, wanted: Wanted | null = null): Waiter<Item> | null {
    const [next] = this.#waiters
      .filter((waiter) => (wanted === null || waiter.wanted === wanted) && held(waiter.tenant) < share)
      .sort((first, second) => held(first.tenant) - held(second.tenant))
    return next ?? null
  }

  /** Takes the next of those that want this out of the queue. */
  take(wanted: Wanted, held: (tenant: string) => number, share: number): Waiter<Item> | null {
    const next = this.next(held, share, wanted)
    if (next !== null) this.#remove(next)
    return next
  }

  /** How many of those that want a ready one could be served if there were enough. */
  servable(held: (tenant: string) => number, share: number): number {
    const waiting = this.#waiters.filter((waiter) => waiter.wanted === 'ready')
    const tenants = Map.groupBy(waiting, (waiter) => waiter.tenant)
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
