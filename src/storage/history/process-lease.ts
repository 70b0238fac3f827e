import type { Kysely } from 'kysely'
import { ServiceError } from '../../core/errors.ts'
import { allOf } from '../../concurrency/all-of.ts'
import { withDeadline } from '../../concurrency/with-deadline.ts'
import { ownIdentity } from '../../processes/process-identity.ts'
import type { StorageHealth } from '../health.ts'
import type { StorageTime } from '../storage-time.ts'
import type { Tables } from '../tables.ts'
import { DeadLeases } from './dead-leases.ts'
import { toLeaseId } from './lease-id.ts'
import { LeftWork } from './left-work.ts'
import { ServerClock } from './server-clock.ts'

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
/** So many of them in a row that nobody heard, and it gives its lease up: what is left of the lease is for its sandboxes to end, before others may take it for dead. */
const mostMissed = 3
/** How soon after a look the next one is worth it. */
const lookMilliseconds = 1_000
/** Of a lease, the part in which sandboxes have to end; until they have, whoever asks is refused. */
const endShare = 1 / 2

/**
 * What a process says of itself in the storage while it runs something: that it lives. Of a process of this machine the kernel knows it at once, of another
 * one silence tells it. What is done under a lease is written only while the lease is there, which the write looks at under a lock. Who was taken for dead, or
 * cannot say for so long that it lives that it may be soon, ends all that was begun under the lost lease, and only then takes another one, with a higher number.
 */
export class ProcessLease implements AsyncDisposable {
  readonly #parts: LeaseParts
  readonly #dead: DeadLeases
  readonly #clock: ServerClock
  readonly #stops = new Map<string, (why: RunStop) => void>()
  readonly #left = new LeftWork()
  readonly #onLost = new Set<() => Promise<unknown>>()
  #lease: Promise<Lease> | null = null
  /** The one that it has, as far as it knows. */
  #current: Lease | null = null
  /** One that it gave up, and that the storage may still have. */
  #givenUp: Lease | null = null
  /** Times in a row at which it could not say that it lives. */
  #missed = 0
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
    this.#clock = new ServerClock(parts.leaseMilliseconds, parts.elapsed)
    this.#dead = new DeadLeases({ ...parts, clock: this.#clock })
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
    this.#timer ??= setInterval(() => this.#tick(), every).unref()
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

  /** Called where this process was taken for dead, or may be soon, before it has another lease: ends what runs under the lost one. */
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
    this.#left.add(name, work)
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
    const done = await this.#left.doAll().catch(() => 0)
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

  #tick(): void {
    this.#missed += 1
    if (this.#missed > mostMissed) this.#giveUp()
    void this.beat().catch(() => undefined)
  }

  /** Others may take its lease at any moment from now on, and it would not learn of it: the storage is away, or it is cut off. */
  #giveUp(): void {
    if (!this.#parts.silenceTells || this.#current === null) return
    this.#givenUp = this.#current
    this.#lose()
    this.#taken().catch(() => undefined)
  }

  #lose(): void {
    this.#hasToEnd = true
    this.#lease = null
    this.#current = null
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
    if (this.#givenUp !== null) await this.#dead.take({ id: this.#givenUp.id, seen: null })
    this.#givenUp = null
    const id = toLeaseId(await ownIdentity())
    const began = elapsed()
    const number = await health.writes(() =>
      db.transaction().execute(async (transaction) => {
        const { last } = await transaction
          .updateTable('lease_numbers')
          .set((set) => ({ last: set('last', '+', 1) }))
          .returning('last')
          .executeTakeFirstOrThrow()
        const seen = new Date(this.#clock.note(await time(transaction))).toISOString()
        const row = { id, seen, number: Number(last), replica: replica ?? String(last) }
        await transaction.insertInto('process_leases').values(row).execute()
        return Number(last)
      }),
    )
    this.#spokeAt(began)
    this.#current = { id, number }
    return this.#current
  }

  #spokeAt(time: number): void {
    if (time - this.#spoken > this.#parts.leaseMilliseconds) this.#speaksSince = time
    this.#spoken = time
    this.#missed = 0
  }

  async #speak(): Promise<void> {
    const { db, health, time, elapsed } = this.#parts
    // What is held needs a lease; where one could not begin, it is tried again.
    const lease = await (this.#hasToEnd || this.#uses > 0 ? this.#taken() : this.#lease)
    if (lease === null) return
    const began = elapsed()
    const { numUpdatedRows } = await health.writes(async () => {
      const seen = new Date(this.#clock.note(await time(db))).toISOString()
      return db.updateTable('process_leases').set({ seen }).where('id', '=', lease.id).executeTakeFirstOrThrow()
    })
    // It may have given this one up meanwhile.
    if (this.#current !== lease) await this.#taken()
    else if (numUpdatedRows === 0n) {
      this.#lose()
      await this.#taken()
    } else this.#spokeAt(began)
    await this.#left.doAll()
    await this.#hearCancels(lease.id)
  }

  /** Another process took this one for dead, or may have, and has ended its runs in the storage: here they end as well, and their sandboxes before anything else begins. */
  async #endLost(): Promise<void> {
    for (const stop of this.#stops.values()) stop('lost')
    // Where something could not be ended, the next who asks tries it again.
    this.#ending ??= allOf([...this.#onLost].map((end) => end())).finally(() => (this.#ending = null))
    const ending = this.#ending
    ending.catch(() => undefined)
    await withDeadline(this.#parts.leaseMilliseconds * endShare, () => ending).catch((cause: unknown) => {
      throw new ServiceError(
        'service-unavailable',
        'This process has lost its lease on the storage, and its sandboxes have not ended yet.',
        { cause },
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

  /** What still runs here is told as interrupted by whoever looks next. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    const left = [this.#givenUp, await this.#lease?.catch(() => null)].flatMap((lease) => lease ?? [])
    for (const { id } of left) await this.#dead.take({ id, seen: null }).catch(() => undefined)
  }
}
