import { randomInt } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import { AnswerSpace } from './answer-space.ts'
import { isLost } from './ledger-faults.ts'
import { LedgerStore, type LedgerName, type StoredLedger } from './ledger-store.ts'
import type { LedgerOptions } from './options.ts'
import type { QuerySet } from './query-sets.ts'
import { randomPrime } from './residues.ts'

export interface DifferencingLedgerOptions {
  /** File of the ledgers; made with the first statement that needs one. */
  readonly path: string
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
  /** Number of the ledger in the file. */
  readonly id: number
  readonly generation: number
  /** Last set of the file that is in the space. */
  sequence: number
}

const dayMilliseconds = 86_400_000

/**
 * Remembers the groups about which answers with aggregate-only columns were given, and admits further ones only where no
 * combination of all of them tells about fewer entities than the minimum. Refusals depend on who is in which group and
 * not on values, so that they say nothing about values either. Outlives the process; shared by all that use the file.
 */
export class DifferencingLedger implements Disposable {
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
   * known, and `database-unavailable` where other processes hold the file for seconds; then nothing may leave.
   */
  async admit(admission: Admission): Promise<void> {
    if (admission.sets.length === 0) return
    this.#checkBounds(admission.sets)
    const { sets: _sets, relations: _relations, ...asked } = admission
    const key = JSON.stringify(asked)
    if (!(await this.#isAdmitted(admission, key))) throw isolating()
  }

  /** What the file learned on the way stays in it, whatever the answer: ledgers put together, sets forgotten. */
  async #isAdmitted(admission: Admission, key: string): Promise<boolean> {
    try {
      const store = await this.#open()
      return await store.exclusively(() => {
        const stored = store.ledger(admission, randomPrime(randomInt))
        const known = this.#load(store, stored, { key, admission })
        return this.#add(store, stored, { known, sets: admission.sets })
      })
    } catch (thrown) {
      // Whatever is not known for certain to be as the file has it is read again.
      this.#known.delete(key)
      if (isLost(thrown)) this.#close()
      throw thrown
    }
  }

  [Symbol.dispose](): void {
    this.#close()
  }

  async #open(): Promise<LedgerStore> {
    const opening = (this.#store ??= LedgerStore.open(this.#given.path))
    try {
      return await opening
    } catch (thrown) {
      if (this.#store === opening) this.#store = null
      throw thrown
    }
  }

  /** The next admission opens the file that is there by then. */
  #close(): void {
    this.#known.clear()
    void this.#store?.then((store) => store[Symbol.dispose]()).catch(() => {})
    this.#store = null
  }

  #checkBounds(sets: readonly QuerySet[]): void {
    const { maximum_groups: groups, maximum_rows: rows } = this.#given.options
    if (sets.length > groups) throw tooLarge(`makes ${sets.length} groups; at most ${groups} are allowed`)
    const most = Math.max(...sets.map((set) => set.length))
    if (most > rows) throw tooLarge(`is over ${most} rows; at most ${rows} are allowed`)
  }

  #load(store: LedgerStore, stored: StoredLedger, asked: { key: string; admission: Admission }): Known {
    const { options, clock = Date.now } = this.#given
    const { remember_days: days } = options
    const hasForgotten = days !== null && store.forget(stored.id, clock() - days * dayMilliseconds)
    const generation = stored.generation + (hasForgotten ? 1 : 0)
    const earlier = this.#known.get(asked.key)
    const known =
      earlier?.id === stored.id && earlier.generation === generation
        ? earlier
        : { id: stored.id, space: this.#space(stored, asked.admission), generation, sequence: 0 }
    for (const { sequence, members } of store.after(stored.id, known.sequence)) {
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
  #add(store: LedgerStore, { id }: StoredLedger, given: { known: Known; sets: readonly QuerySet[] }): boolean {
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
    for (const members of independent) known.sequence = store.append(id, { at: clock(), members })
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
