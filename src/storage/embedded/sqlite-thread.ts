import { Worker } from 'node:worker_threads'
import { AwakeTime } from '../../concurrency/awake-time.ts'
import { siblingModule } from '../../processes/sibling-module.ts'
import { StorageFailure } from '../storage-failure.ts'
import { errorOfSqlite } from './sqlite-failures.ts'
import type { Answer, Order, Outcome, Rows, Said, SqliteThreadData, Statement, Work } from './sqlite-orders.ts'

interface Waiting {
  readonly statement: Statement
  /** Begins the time that the disk has for it. */
  readonly begin: () => void
  readonly settle: (outcome: Outcome) => void
  readonly fail: (error: Error) => void
}

/** More than these are written by several transactions. */
const largestGroup = 1_000

/** A busy machine loads the code of a thread slowly, which says nothing of the disk. */
const startMilliseconds = 10_000

/**
 * A thread that has the file open. While it writes one group, what comes meanwhile gathers to the next: the slower the
 * disk, the larger the groups. A thread that ended is started again by the next statement.
 */
export class SqliteThread implements AsyncDisposable {
  readonly #data: SqliteThreadData
  readonly #timeoutMilliseconds: number
  readonly #gathered: Waiting[] = []
  readonly #sent = new Map<number, readonly Waiting[]>()
  #worker: Worker | null = null
  #isLoaded = false
  #lastNumber = 0
  /** The group that is being written; the next one waits for it. */
  #groupNumber: number | null = null
  #isTurnTaken = false
  #turn: Promise<void> = Promise.resolve()

  constructor(data: SqliteThreadData, timeoutMilliseconds: number) {
    this.#data = data
    this.#timeoutMilliseconds = timeoutMilliseconds
  }

  /** Resolves when it is on the disk. Rejects with `StorageFailure`; then it is not, unless the failure is a time limit. */
  write(statement: Statement): Promise<Rows> {
    return this.#promise(statement, (waiting) => {
      this.#gathered.push(waiting)
      this.#sendGroup()
    })
  }

  /** Runs it as it is, at once: a reading, or a part of a transaction by whoever has the turn. */
  single(statement: Statement): Promise<Rows> {
    return this.#promise(statement, (waiting) => this.#send({ kind: 'single', statement }, [waiting]))
  }

  /** Resolves to the function that ends the turn, within which no group is written. */
  async takeTurn(): Promise<() => void> {
    const mine = Promise.withResolvers<void>()
    const before = this.#turn
    this.#turn = before.then(() => mine.promise)
    await before
    // A group under way was sent before, and is done before whatever comes next.
    this.#isTurnTaken = true
    return () => {
      this.#isTurnTaken = false
      mine.resolve()
      this.#sendGroup()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker
    if (worker === null) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    this.#send({ kind: 'close' }, [])
    // What was sent before is carried out first, by a thread that may have to be loaded for it.
    const most = this.#timeoutMilliseconds + (this.#isLoaded ? 0 : startMilliseconds)
    const late = new AwakeTime(most, () => void worker.terminate())
    await ended
    late.stop()
  }

  #promise(statement: Statement, begin: (waiting: Waiting) => void): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const timeOf = (milliseconds: number, what: string) =>
        new AwakeTime(milliseconds, () => {
          const at = this.#gathered.indexOf(waiting)
          if (at >= 0) this.#gathered.splice(at, 1)
          reject(new StorageFailure('unreachable', `${what} for ${milliseconds} ms`))
        })
      const ofDisk = () => timeOf(this.#timeoutMilliseconds, 'the disk did not answer')
      let time = this.#isLoaded ? ofDisk() : timeOf(startMilliseconds, 'its thread did not start')
      const waiting: Waiting = {
        statement,
        begin: () => {
          time.stop()
          time = ofDisk()
        },
        settle: (outcome) => {
          time.stop()
          if (outcome.kind === 'done') resolve(outcome.rows)
          else reject(errorOfSqlite(outcome.failure))
        },
        fail: (error) => {
          time.stop()
          reject(error)
        },
      }
      begin(waiting)
    })
  }

  #sendGroup(): void {
    if (this.#groupNumber !== null || this.#isTurnTaken || this.#gathered.length === 0) return
    const group = this.#gathered.splice(0, largestGroup)
    this.#groupNumber = this.#send({ kind: 'group', statements: group.map(({ statement }) => statement) }, group)
  }

  #send(work: Work, waiting: readonly Waiting[]): number {
    this.#worker ??= this.#start()
    this.#lastNumber += 1
    this.#sent.set(this.#lastNumber, waiting)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage({ number: this.#lastNumber, work } satisfies Order)
    return this.#lastNumber
  }

  #start(): Worker {
    const worker = new Worker(siblingModule(import.meta.url, './sqlite-worker'), { workerData: this.#data })
    worker.unref()
    worker.on('message', (said: Said) => {
      if (said === 'loaded') this.#loaded()
      else this.#answered(said)
    })
    worker.on('error', () => {})
    worker.on('exit', () => this.#lost(worker))
    return worker
  }

  #loaded(): void {
    this.#isLoaded = true
    for (const waiting of [...this.#sent.values()].flat().concat(this.#gathered)) waiting.begin()
  }

  #answered({ number, outcomes }: Answer): void {
    const waiting = this.#sent.get(number) ?? []
    this.#sent.delete(number)
    for (const [index, each] of waiting.entries()) {
      const outcome = outcomes[index]
      if (outcome !== undefined) each.settle(outcome)
    }
    if (this.#groupNumber !== number) return
    this.#groupNumber = null
    this.#sendGroup()
  }

  #lost(worker: Worker): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#isLoaded = false
    const lost = [...this.#sent.values()].flat()
    this.#sent.clear()
    this.#groupNumber = null
    for (const { fail } of lost) fail(new StorageFailure('unreachable', 'its thread ended'))
    this.#sendGroup()
  }
}
