import { randomInt } from 'node:crypto'
import type { LedgerPlace } from '../../core/answer-ledger.ts'
import { ServiceError } from '../../core/errors.ts'
import { AnswerSpace } from './answer-space.ts'
import { isLost } from './ledger-faults.ts'
import type { LedgerName, LedgerRows, StoredLedger } from './ledger-rows.ts'
import { LedgerStore } from './ledger-store.ts'
import type { LedgerOptions } from './options.ts'
import type { QuerySet } from './query-sets.ts'
import { randomPrime } from './residues.ts'

export interface DifferencingLedgerOptions {
  /** Where the ledgers are; opened with the first statement that needs one. */
  readonly place: LedgerPlace
  readonly options: LedgerOptions
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

export interface Admission extends LedgerName {
  /** Fewest entities any combination of answers may tell about. */
  readonly minimum: number
  readonly sets: readonly QuerySet[]
}

interface Known {
  readonly space: AnswerSpace
  /** Number of the ledger where it is stored. */
  readonly id: number
  readonly generation: number
  /** Last stored set that is in the space. */
  sequence: number
}

const dayMilliseconds = 86_400_000

/**
 * Remembers the groups about which answers with aggregate-only columns were given, and admits further ones only where no
 * combination of all of them tells about fewer entities than the minimum. Refusals depend on who is in which group and
 * not on values, so that they say nothing about values either. Outlives the process; shared by all that use the file.
 */
export class DifferencingLedger implements AsyncDisposable {
  readonly #given: DifferencingLedgerOptions
  readonly #known = new Map<string, Known>()
  #store: Promise<LedgerStore> | null = null

  constructor(given: DifferencingLedgerOptions) {
    this.#given = given
  }

  get options(): LedgerOptions {
    return this.#given.options
  }

  /**
   * Remembers the sets, all or none. Throws `refused` where they may not be answered or what was answered before is not
   * known, and `database-unavailable` where other processes are in it for seconds; then nothing may leave.
   */
  async admit(admission: Admission): Promise<void> {
    if (admission.sets.length === 0) return
    this.#checkBounds(admission.sets)
    const { sets: _sets, relations: _relations, ...asked } = admission
    const key = JSON.stringify(asked)
    if (!(await this.#isAdmitted(admission, key))) throw isolating()
  }

  /** What was learned on the way stays stored, whatever the answer: ledgers put together, sets forgotten. */
  async #isAdmitted(admission: Admission, key: string): Promise<boolean> {
    try {
      const store = await this.#open()
      return await store.exclusively(async (rows) => {
        const stored = await rows.ledger(admission, randomPrime(randomInt))
        const known = await this.#load(rows, stored, { key, admission })
        return this.#add(rows, stored, { known, sets: admission.sets })
      })
    } catch (thrown) {
      // Whatever is not known for certain to be as it is stored is read again.
      this.#known.delete(key)
      if (isLost(thrown)) void this.#close()
      throw thrown
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }

  async #open(): Promise<LedgerStore> {
    const opening = (this.#store ??= LedgerStore.open(this.#given.place))
    try {
      return await opening
    } catch (thrown) {
      if (this.#store === opening) this.#store = null
      throw thrown
    }
  }

  /** The next admission opens what is there by then. Never rejects. */
  async #close(): Promise<void> {
    this.#known.clear()
    const opening = this.#store
    this.#store = null
    await opening?.then((store) => store[Symbol.asyncDispose]()).catch(() => {})
  }

  #checkBounds(sets: readonly QuerySet[]): void {
    const { maximum_groups: groups, maximum_rows: rows } = this.#given.options
    if (sets.length > groups) throw tooLarge(`makes ${sets.length} groups; at most ${groups} are allowed`)
    const most = Math.max(...sets.map((set) => set.length))
    if (most > rows) throw tooLarge(`is over ${most} rows; at most ${rows} are allowed`)
  }

  async #load(rows: LedgerRows, stored: StoredLedger, asked: { key: string; admission: Admission }): Promise<Known> {
    const { options, clock = Date.now } = this.#given
    const { remember_days: days } = options
    const hasForgotten = days !== null && (await rows.forget(stored.id, clock() - days * dayMilliseconds))
    const generation = stored.generation + (hasForgotten ? 1 : 0)
    const earlier = this.#known.get(asked.key)
    const known =
      earlier?.id === stored.id && earlier.generation === generation
        ? earlier
        : { id: stored.id, space: this.#space(stored, asked.admission), generation, sequence: 0 }
    for (const { sequence, members } of await rows.after(stored.id, known.sequence)) {
      if (known.space.add(members) === 'isolating') throw outgrown()
      known.sequence = sequence
    }
    this.#known.set(asked.key, known)
    return known
  }

  #space({ prime }: StoredLedger, { minimum }: Admission): AnswerSpace {
    return new AnswerSpace({ minimum, prime, maximumCells: this.#given.options.maximum_cells })
  }

  /** All sets or none; false where they could tell about too few. */
  async #add(
    rows: LedgerRows,
    { id }: StoredLedger,
    given: { known: Known; sets: readonly QuerySet[] },
  ): Promise<boolean> {
    const { known, sets } = given
    const { clock = Date.now, options } = this.#given
    const before = known.space.mark()
    const independent: QuerySet[] = []
    // Small groups first: they have the fewest entities to prove anything with.
    for (const members of sets.toSorted((left, right) => left.length - right.length)) {
      const addition = known.space.add(members)
      if (addition === 'isolating') {
        known.space.goBack(before)
        return false
      }
      if (addition === 'known') continue
      if (known.space.rank > options.maximum_answers) throw full(`${options.maximum_answers} answers`)
      if (known.space.rowCount > options.maximum_rows) throw full(`${options.maximum_rows} rows`)
      independent.push(members)
    }
    for (const members of independent) known.sequence = await rows.append(id, { at: clock(), members })
    return true
  }
}

function isolating(): ServiceError {
  const message = 'Together with earlier answers this one could tell about too few members of a group.'
  return new ServiceError('refused', `${message} [sql/differencing]`, {
    advice: 'Ask for larger or other groups, or for what was answered before, which is free.',
  })
}

function outgrown(): ServiceError {
  const message = 'The earlier answers about this table were given under a smaller minimum_group_size.'
  return new ServiceError('refused', `${message} [sql/differencing]`, {
    advice: 'Have the operator go back to it, or start a new ledger.',
  })
}

function full(what: string): ServiceError {
  return new ServiceError('refused', `The ledger of answers about this table is full: ${what}. [sql/ledger-full]`, {
    advice: 'Ask for what was answered before, or have the operator raise databases.ledger or start a new ledger.',
  })
}

function tooLarge(what: string): ServiceError {
  return new ServiceError('refused', `A statement with aggregate-only columns ${what}. [sql/ledger-full]`, {
    advice: 'Filter more, group more coarsely, or have the operator raise databases.ledger.',
  })
}
