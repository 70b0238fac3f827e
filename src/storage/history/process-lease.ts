import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { ownIdentity, startTicksOf, type ProcessIdentity } from '../../processes/process-identity.ts'
import type { StorageHealth } from '../health.ts'
import type { Tables } from '../tables.ts'
import { removePieces } from './remove-pieces.ts'

interface LeaseParts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** How often a process that runs something says so. */
const beatMilliseconds = 5_000
/** A process of another machine that was silent for so long is dead; clocks of machines may differ by most of it. */
const deadMilliseconds = 90_000
/** How soon after a look the next one is worth it. */
const lookMilliseconds = 1_000

/** `pid-ticks-boot-namespace-random`: who made the random part of it is told by the rest. */
function toLeaseId({ pid, startTicks, bootId, pidNamespace }: ProcessIdentity): string {
  return [pid, startTicks, bootId, pidNamespace, randomBytes(8).toString('hex')].join('|')
}

/**
 * What a process says of itself in the storage while it runs something: that it lives. Of a process of this machine the kernel knows it at once,
 * of another one silence tells it.
 */
export class ProcessLease implements AsyncDisposable {
  readonly #parts: LeaseParts
  readonly #cancels = new Map<string, () => void>()
  readonly #left = new Map<string, () => Promise<void>>()
  #id: Promise<string> | null = null
  #uses = 0
  #timer: NodeJS.Timeout | null = null
  #lastLook = -Infinity

  constructor(parts: LeaseParts) {
    this.#parts = parts
  }

  /** The id of this process's lease, kept in the storage before it resolves. */
  async id(): Promise<string> {
    this.#id ??= this.#begin()
    try {
      return await this.#id
    } catch (thrown) {
      this.#id = null
      throw thrown
    }
  }

  /** While it is held, the process says that it lives. */
  async hold(): Promise<Disposable> {
    await this.id()
    // The row may be old: nothing was run for a while. Where that cannot be said, nothing is held.
    if (this.#uses === 0) await this.#beat()
    this.#uses += 1
    this.#timer ??= setInterval(() => void this.#beat().catch(() => undefined), beatMilliseconds).unref()
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

  /** Calls back when somebody asked for the end of a run of this process. */
  watchCancel(run: string, onCancel: () => void): Disposable {
    this.#cancels.set(run, onCancel)
    return { [Symbol.dispose]: () => void this.#cancels.delete(run) }
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
    this.#cancels.get(run)?.()
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
    const { db, health } = this.#parts
    const leases = await health.reads(() => db.selectFrom('process_leases').selectAll().execute())
    const self = await ownIdentity()
    const own = await this.#id
    const dead: string[] = []
    for (const { id, seen } of leases) if (id !== own && (await this.#isDead(id, seen, self))) dead.push(id)
    for (const id of dead) await this.#settle(id)
    return done + dead.length
  }

  async #isDead(id: string, seen: string, self: ProcessIdentity): Promise<boolean> {
    const [pid, startTicks, bootId, pidNamespace] = id.split('|')
    if (bootId === self.bootId && pidNamespace === self.pidNamespace) {
      return (await startTicksOf(Number(pid))) !== startTicks
    }
    return Date.parse(seen) < this.#parts.now() - deadMilliseconds
  }

  async #settle(id: string): Promise<void> {
    const { db, health, now } = this.#parts
    const ended = new Date(now()).toISOString()
    const drafts = await health.writes(() =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('conversation_runs')
          .set({ state: 'interrupted', ended })
          .where('owner', '=', id)
          .where('state', '=', 'running')
          .execute()
        const dropped = await transaction.deleteFrom('file_contents').where('owner', '=', id).returning('id').execute()
        await transaction.deleteFrom('process_leases').where('id', '=', id).execute()
        return dropped
      }),
    )
    await removePieces(
      { db, health },
      drafts.map((draft) => draft.id),
    )
  }

  async #begin(): Promise<string> {
    const { db, health, now } = this.#parts
    const id = toLeaseId(await ownIdentity())
    const seen = new Date(now()).toISOString()
    await health.writes(() => db.insertInto('process_leases').values({ id, seen }).execute())
    return id
  }

  async #beat(): Promise<void> {
    const { db, health, now } = this.#parts
    const id = await this.id()
    const seen = new Date(now()).toISOString()
    const { numUpdatedRows } = await health.writes(() =>
      db.updateTable('process_leases').set({ seen }).where('id', '=', id).executeTakeFirstOrThrow(),
    )
    // Another machine took this process for dead, and has ended its runs; those that begin from now on are its own again.
    if (numUpdatedRows === 0n) {
      const row = db.insertInto('process_leases').values({ id, seen })
      await health.writes(() => row.onConflict((conflict) => conflict.column('id').doNothing()).execute())
    }
    await this.#doLeft()
    if (this.#cancels.size === 0) return
    const asked = await health.reads(() =>
      db
        .selectFrom('conversation_runs')
        .select('id')
        .where('owner', '=', id)
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
    const id = await this.#id?.catch(() => undefined)
    if (id === undefined) return
    await this.#settle(id).catch(() => undefined)
  }
}
