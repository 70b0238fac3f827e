import type { LedgerDatabase, LedgerPlace } from '../../core/answer-ledger.ts'
import { held, lost } from './ledger-faults.ts'
import { advanceMark, readMark, unknownLedger, writeMark, type Mark } from './ledger-mark.ts'
import { DamagedSet, LedgerRows, type LedgerLife } from './ledger-rows.ts'

/**
 * All ledgers of a place, each read and written in one transaction that nobody else is in. A mark on this machine tells
 * how far they had come, so that a ledger that was removed, replaced or put back from an older copy is not taken for all that was
 * answered.
 */
export class LedgerStore implements AsyncDisposable {
  readonly #place: LedgerPlace
  readonly #database: LedgerDatabase

  private constructor(place: LedgerPlace, database: LedgerDatabase) {
    this.#place = place
    this.#database = database
  }

  /**
   * Makes the ledger where neither it nor its mark is there. Throws `refused` where it is not the one that was last answered
   * from, and `database-unavailable` or `storage-unavailable` where it cannot be read or written.
   */
  static async open(place: LedgerPlace): Promise<LedgerStore> {
    const mark = await readMark(place)
    if (mark !== null && !(await place.exists())) {
      throw mark.restored === undefined ? lost(place.advice, 'was removed') : held(place.advice, mark.restored)
    }
    return new LedgerStore(place, await place.open())
  }

  /**
   * Runs `work` alone; what it wrote stays unless it throws, and is on the disk when this resolves. Throws `refused` where
   * the ledger is not the one that was last answered from, and `database-unavailable`, which is worth another try, where
   * others were in it all the while.
   */
  async exclusively<T>(work: (rows: LedgerRows) => Promise<T>): Promise<T> {
    const mark = await readMark(this.#place)
    const { result, next } = await this.#alone(async (rows) => {
      await this.#check(rows, mark)
      const done = await work(rows)
      return { result: done, next: await this.#life(rows) }
    })
    if (mark?.id !== next.id || mark.answers < next.answers) await advanceMark(this.#place, next)
    return result
  }

  /** How far it has come. Throws as `exclusively` does. */
  async state(): Promise<LedgerLife> {
    const mark = await readMark(this.#place)
    return this.#alone(async (rows) => {
      await this.#check(rows, mark)
      return this.#life(rows)
    })
  }

  /**
   * Refuses everything until it is accepted: the storage of the service was restored, and the ledger may be of another time.
   * The ledger says so itself. So does the mark of a file, for the case that another process is about to write it.
   */
  async hold(time: string): Promise<void> {
    const life = await this.#alone(async (rows) => {
      await rows.hold(time)
      return this.#life(rows)
    })
    if (this.#place.kind === 'server') return
    const mark = await readMark(this.#place)
    await writeMark(this.#place, { ...(mark ?? life), restored: time })
  }

  /** Ends a hold. Throws `refused` where the ledger is not the one that was last answered from, or an older copy of it. */
  async accept(): Promise<LedgerLife> {
    const mark = await readMark(this.#place)
    const life = await this.#alone(async (rows) => {
      const present = await this.#life(rows)
      this.#checkLife(present, mark?.id === unknownLedger ? null : mark)
      await rows.release()
      return present
    })
    await writeMark(this.#place, life)
    return life
  }

  async #alone<T>(work: (rows: LedgerRows) => Promise<T>): Promise<T> {
    const { tables } = this.#database
    try {
      return await this.#database.exclusively((run) => work(new LedgerRows(run, tables)))
    } catch (thrown) {
      if (thrown instanceof DamagedSet) throw lost(this.#place.advice, 'is damaged', thrown)
      throw thrown
    }
  }

  async #check(rows: LedgerRows, mark: Mark | null): Promise<void> {
    const since = (await rows.heldSince()) ?? mark?.restored
    if (since !== undefined) throw held(this.#place.advice, since)
    this.#checkLife(await this.#life(rows), mark)
  }

  #checkLife({ id, answers }: LedgerLife, mark: Mark | null): void {
    if (mark === null) return
    if (mark.id !== id) throw lost(this.#place.advice, 'was replaced by another one')
    if (answers < mark.answers) throw lost(this.#place.advice, 'was put back from an older copy')
  }

  async #life(rows: LedgerRows): Promise<LedgerLife> {
    const life = await rows.life()
    if (life === null) throw lost(this.#place.advice, 'is damaged')
    return life
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database[Symbol.asyncDispose]()
  }
}
