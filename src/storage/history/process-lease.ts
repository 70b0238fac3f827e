import { randomBytes } from 'node:crypto'
import { type Kysely, PostgresAdapter } from 'kysely'
import { ServiceError } from '../../core/errors.ts'
import { withDeadline } from '../../concurrency/with-deadline.ts'
import { ownIdentity, type ProcessIdentity } from '../../processes/process-identity.ts'
import type { StorageHealth } from '../health.ts'
import type { StorageTime } from '../storage-time.ts'
import type { Tables } from '../tables.ts'
import { DeadLeases } from './dead-leases.ts'

interface LeaseParts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly time: StorageTime
  readonly leaseMilliseconds: number
  readonly silenceTells: boolean
  /** What the process is called where others have to say who has a session; null, by the number of its lease. */
  readonly replica: string | null
  /** Milliseconds since any fixed moment; goes on while the process is stopped. */
  readonly elapsed: () => number
}

interface Lease {
  readonly id: string
  /** The fencing number: higher than that of every lease before it. */
  readonly number: number
}

/** Why a run of this process has to end: somebody asked for it, or another process has taken this one for dead. */
export type RunStop = 'asked' | 'lost'

/** A process says that it lives so many times within its lease. */
const beats = 6
/** How soon after a look the next one is worth it. */
const lookMilliseconds = 1_000
/** Of a lease, the part in which sandboxes have to end; until they have, whoever asks is refused. */
const endShare = 1 / 2

/** `pid-ticks-boot-namespace-random`: who made the random part of it is told by the rest. */
function toLeaseId({ pid, startTicks, bootId, pidNamespace }: ProcessIdentity): string {
  return [pid, startTicks, bootId, pidNamespace, randomBytes(8).toString('hex')].join('|')
}

/**
 * What a process says of itself in the storage while it runs something: that it lives. Of a process of this machine the kernel knows it at once, of another
 * one silence tells it. What is done under a lease is written only while the lease is there, which the write looks at under a lock. Who was taken for dead
 * ends all that was begun under the lost lease, and only then takes another one, with a higher number.
 */
export class ProcessLease implements AsyncDisposable {
  readonly #parts: LeaseParts
  readonly #dead: DeadLeases
  readonly #stops = new Map<string, (why: RunStop) => void>()
  readonly #left = new Map<string, () => Promise<void>>()
  readonly #onLost = new Set<() => Promise<unknown>>()
  #lease: Promise<Lease> | null = null
  #beating: Promise<void> | null = null
  /** A lease was lost, and not all has ended yet that began under it. */
  #hasToEnd = false
  #ending: Promise<unknown> | null = null
  #uses = 0
  #timer: NodeJS.Timeout | null = null
  #lastLook = -Infinity
  /** When it last began to say that it lives, of those times that went well. */
  #spoken = -Infinity
  /** Since when it has said so without a gap of a whole lease. */
  #speaksSince = -Infinity

  constructor(parts: LeaseParts) {
    this.#parts = parts
    this.#dead = new DeadLeases(parts)
  }

  /** The id of this process's lease, kept in the storage before it resolves. After a silence of a whole lease it is looked whether it is still its own. */
  async id(): Promise<string> {
    return (await this.#now()).id
  }

  /** Its fencing number. */
  async number(): Promise<number> {
    return (await this.#now()).number
  }

  /** What this process is called. */
  async replica(): Promise<string> {
    return this.#parts.replica ?? String(await this.number())
  }

  /** While it is held, the process says that it lives. */
  async hold(): Promise<Disposable> {
    await this.id()
    // The row may be old: nothing was run for a while. Where that cannot be said, nothing is held.
    if (this.#parts.elapsed() - this.#spoken > this.#parts.leaseMilliseconds / beats) await this.beat()
    this.#uses += 1
    const every = Math.max(1, this.#parts.leaseMilliseconds / beats)
    this.#timer ??= setInterval(() => void this.beat().catch(() => undefined), every).unref()
    let isHeld = true
    return {
      [Symbol.dispose]: () => {
        if (!isHeld) return
        isHeld = false
        this.#uses -= 1
        if (this.#uses > 0 || this.#timer === null) return
        clearInterval(this.#timer)
        this.#timer = null
      },
    }
  }

  /** Called where this process was taken for dead, before it has another lease: ends what runs under the lost one. */
  onLost(end: () => Promise<unknown>): Disposable {
    this.#onLost.add(end)
    return { [Symbol.dispose]: () => void this.#onLost.delete(end) }
  }

  /** Calls back where a run of this process has to end. */
  watchCancel(run: string, onStop: (why: RunStop) => void): Disposable {
    this.#stops.set(run, onStop)
    return { [Symbol.dispose]: () => void this.#stops.delete(run) }
  }

  /** What the storage could not take now is done when it can: it is tried again as often as this process says that it lives. */
  doLater(name: string, work: () => Promise<void>): void {
    this.#left.set(name, work)
  }

  /** Is there something of that name that the storage could not take yet? */
  isLeft(name: string): boolean {
    return this.#left.has(name)
  }

  /** Tells the run at once where it is this process's. */
  cancelHere(run: string): void {
    this.#stops.get(run)?.('asked')
  }

  /**
   * Ends what dead processes have left: their runs are interrupted, what they were writing is dropped. Does what this one could not do until now as well, as
   * far as it can. Resolves with how many were dead and how much was left.
   */
  async settleDead({ again = false } = {}): Promise<number> {
    const done = await this.#doLeft().catch(() => 0)
    const time = performance.now()
    if (!again && time - this.#lastLook < lookMilliseconds) return done
    this.#lastLook = time
    const own = await this.#lease?.catch(() => null)
    const spokenMilliseconds = this.#isSilent() ? 0 : this.#spoken - this.#speaksSince
    return done + (await this.#dead.settle(own?.id ?? null, { self: await ownIdentity(), spokenMilliseconds }))
  }

  /** Says that this process lives, and hears what others have asked of it. Rejects where the storage cannot take it. */
  async beat(): Promise<void> {
    this.#beating ??= this.#speak().finally(() => (this.#beating = null))
    await this.#beating
  }

  async #now(): Promise<Lease> {
    await this.#taken()
    if (this.#isSilent()) await this.beat()
    return await this.#taken()
  }

  /** The lease that there is, or the next one, which begins when nothing is left of the one before. */
  #taken(): Promise<Lease> {
    this.#lease ??= this.#keepPromise(this.#hasToEnd ? this.#endLost().then(() => this.#begin()) : this.#begin())
    return this.#lease
  }

  #isSilent(): boolean {
    return this.#parts.elapsed() - this.#spoken > this.#parts.leaseMilliseconds
  }

  /** One that fails is no lease: the next who asks tries again. */
  #keepPromise(lease: Promise<Lease>): Promise<Lease> {
    lease.catch(() => {
      if (this.#lease === lease) this.#lease = null
    })
    return lease
  }

  async #begin(): Promise<Lease> {
    const { db, health, time, replica, elapsed } = this.#parts
    const id = toLeaseId(await ownIdentity())
    const began = elapsed()
    const number = await health.writes(() =>
      db.transaction().execute(async (transaction) => {
        const { last } = await transaction
          .updateTable('lease_numbers')
          .set((set) => ({ last: set('last', '+', 1) }))
          .returning('last')
          .executeTakeFirstOrThrow()
        const seen = new Date(await time(transaction)).toISOString()
        const row = { id, seen, number: Number(last), replica: replica ?? String(last) }
        await transaction.insertInto('process_leases').values(row).execute()
        return Number(last)
      }),
    )
    this.#spokeAt(began)
    return { id, number }
  }

  #spokeAt(time: number): void {
    if (time - this.#spoken > this.#parts.leaseMilliseconds) this.#speaksSince = time
    this.#spoken = time
  }

  async #speak(): Promise<void> {
    const { db, health, time, elapsed } = this.#parts
    const lease = await (this.#hasToEnd ? this.#taken() : this.#lease)
    if (lease === null) return
    const began = elapsed()
    const { numUpdatedRows } = await health.writes(async () => {
      const seen = new Date(await time(db)).toISOString()
      return db.updateTable('process_leases').set({ seen }).where('id', '=', lease.id).executeTakeFirstOrThrow()
    })
    if (numUpdatedRows === 0n) {
      this.#hasToEnd = true
      this.#lease = null
      await this.#taken()
    } else this.#spokeAt(began)
    await this.#doLeft()
    await this.#hearCancels(lease.id)
  }

  /** Another process took this one for dead, and has ended its runs in the storage: here they end as well, and their sandboxes before anything else begins. */
  async #endLost(): Promise<void> {
    for (const stop of this.#stops.values()) stop('lost')
    this.#ending ??= Promise.allSettled([...this.#onLost].map((end) => end())).finally(() => (this.#ending = null))
    const ending = this.#ending
    await withDeadline(this.#parts.leaseMilliseconds * endShare, () => ending).catch((cause: unknown) => {
      throw new ServiceError(
        'service-unavailable',
        'This process was taken for dead, and its sandboxes have not ended yet.',
        {
          cause,
        },
      )
    })
    this.#hasToEnd = false
  }

  async #hearCancels(owner: string): Promise<void> {
    const { db, health } = this.#parts
    if (this.#stops.size === 0) return
    const asked = await health.reads(() =>
      db
        .selectFrom('conversation_runs')
        .select('id')
        .where('owner', '=', owner)
        .where('state', '=', 'running')
        .where('cancel_asked', '=', 1)
        .execute(),
    )
    for (const { id: run } of asked) this.cancelHere(run)
  }

  async #doLeft(): Promise<number> {
    let done = 0
    for (const [name, work] of this.#left) {
      await work()
      this.#left.delete(name)
      done += 1
    }
    return done
  }

  /** What still runs here is told as interrupted by whoever looks next. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    const lease = await this.#lease?.catch(() => null)
    if (lease === null || lease === undefined) return
    await this.#dead.take({ id: lease.id, seen: null }).catch(() => undefined)
  }
}

/** Is a lease still there? Where a server is the storage, it stays so until the transaction ends: whoever would take it away waits for that. */
export async function holdsLease(db: Kysely<Tables>, id: string): Promise<boolean> {
  const query = db.selectFrom('process_leases').select('number').where('id', '=', id)
  const isServer = db.getExecutor().adapter instanceof PostgresAdapter
  return (await (isServer ? query.forKeyShare() : query).executeTakeFirst()) !== undefined
}
