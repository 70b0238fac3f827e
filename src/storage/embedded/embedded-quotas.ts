import { Worker } from 'node:worker_threads'
import { AwakeTime } from '../../concurrency/awake-time.ts'
import type { QuotaHeld, QuotaLedger, QuotaRefused } from '../../core/quotas.ts'
import { siblingModule } from '../../processes/sibling-module.ts'
import type { StorageHealth } from '../health.ts'
import { OrderGroups, type QuotaReplies } from '../quotas/order-groups.ts'
import type { QuotaOrder } from '../quotas/quota-book.ts'
import { withRecovery } from '../quotas/with-recovery.ts'
import { StorageFailure } from '../storage-failure.ts'
import { QuotaFile } from './quota-file.ts'
import type { QuotaMessage, QuotaReply, QuotaWork } from './quota-orders.ts'
import { failureOf } from './sqlite-file.ts'
import { errorOfSqlite } from './sqlite-failures.ts'
import type { SqliteThreadData } from './sqlite-orders.ts'

interface EmbeddedQuotaOptions {
  readonly path: string
  readonly timeoutMilliseconds: number
  readonly health: StorageHealth
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Transactions after which what they have written is carried over, and those after which it is waited for: the log of a thread that gets
 * no turn would grow without end.
 */
const transactions = { untilCarriedOver: 500, untilWaited: 2_000 } as const

type Done = QuotaReply & { readonly kind: 'done' }

/**
 * Quotas in a file of their own, for all processes of this machine. What was answered outlives every killed process; the
 * last moments before the machine loses its power may be lost, since no answer waits for the disk.
 */
export function openEmbeddedQuotas(options: EmbeddedQuotaOptions): QuotaLedger & AsyncDisposable {
  const quotas = new EmbeddedQuotas(options)
  const { health } = options
  const ledger = withRecovery({
    run: (order) => health.writes(() => quotas.run(order)),
    recover: () => health.writes(() => quotas.recover()),
  })
  return { ...ledger, [Symbol.asyncDispose]: () => quotas[Symbol.asyncDispose]() }
}

/**
 * Orders are carried out by this thread as long as nothing has to be waited for, since waking another one costs more than they do.
 * What is held by another process, a file that has to be made, every fault and every wait for the disk are for the thread.
 */
class EmbeddedQuotas implements AsyncDisposable {
  readonly #options: EmbeddedQuotaOptions
  readonly #thread: QuotaThread
  readonly #groups = new OrderGroups((orders) => this.#carryOut(orders))
  /** Opened once the thread has made it; null after a fault, until the thread has had no more. */
  #file: QuotaFile | null = null
  /** Transactions of this thread that are not known to be carried over. */
  #written = 0
  #isCarryingOver = false

  constructor(options: EmbeddedQuotaOptions) {
    this.#options = options
    this.#thread = new QuotaThread(options)
  }

  run(order: QuotaOrder): Promise<QuotaHeld | QuotaRefused | null> {
    return this.#groups.run(order)
  }

  async recover(): Promise<number> {
    return (await this.#thread.send({ kind: 'recover' })).recovered
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close()
    await this.#thread[Symbol.asyncDispose]()
  }

  async #carryOut(orders: readonly QuotaOrder[]): Promise<QuotaReplies> {
    const work = { kind: 'orders', orders } as const
    if (this.#written >= transactions.untilCarriedOver && !this.#isCarryingOver) void this.#carryOver()
    try {
      if (this.#file !== null && this.#written < transactions.untilWaited) {
        const { answers } = this.#file.carryOut(work, this.#options.now())
        this.#written += 1
        return answers
      }
    } catch (thrown) {
      // Nothing of it was written. What is held by somebody else for a moment is no fault.
      if (!isHeld(thrown)) this.#close()
    }
    const { answers } = await this.#thread.send(work)
    this.#file ??= this.#open()
    return answers
  }

  /** What fails is tried again after the next order. */
  async #carryOver(): Promise<void> {
    this.#isCarryingOver = true
    const written = this.#written
    try {
      await this.#thread.send({ kind: 'checkpoint' })
      this.#written -= written
    } catch {
      // Whoever waits for the thread is told why it cannot write.
    }
    this.#isCarryingOver = false
  }

  #open(): QuotaFile | null {
    try {
      return new QuotaFile({ ...fileOf(this.#options.path), patienceMilliseconds: 0, leavesCheckpoints: true })
    } catch {
      return null
    }
  }

  #close(): void {
    this.#file?.close()
    this.#file = null
  }
}

const fileOf = (path: string) => ({ path, readOnly: false, outlives: 'kill' }) as const

/** SQLITE_BUSY. */
const isHeld = (thrown: unknown): boolean => ((failureOf(thrown).code ?? 0) & 0xff) === 5

/** The thread that has the file open as well, which is started again by the next order where it ended. */
class QuotaThread implements AsyncDisposable {
  readonly #options: EmbeddedQuotaOptions
  readonly #sent = new Map<number, PromiseWithResolvers<Done>>()
  #worker: Worker | null = null
  #lastNumber = 0

  constructor(options: EmbeddedQuotaOptions) {
    this.#options = options
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker
    if (worker === null) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    const late = setTimeout(() => void worker.terminate(), this.#options.timeoutMilliseconds)
    this.#post({ kind: 'close' })
    await ended
    clearTimeout(late)
  }

  async send(work: QuotaWork): Promise<Done> {
    const { timeoutMilliseconds } = this.#options
    const reply = Promise.withResolvers<Done>()
    const number = this.#post(work)
    this.#sent.set(number, reply)
    const time = new AwakeTime(timeoutMilliseconds, () => {
      this.#sent.delete(number)
      reply.reject(new StorageFailure('unreachable', `the disk did not answer for ${timeoutMilliseconds} ms`))
    })
    try {
      return await reply.promise
    } finally {
      time.stop()
    }
  }

  #post(work: QuotaWork): number {
    this.#worker ??= this.#start()
    this.#lastNumber += 1
    const message: QuotaMessage = { number: this.#lastNumber, now: this.#options.now(), work }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage(message)
    return this.#lastNumber
  }

  #start(): Worker {
    const { path, timeoutMilliseconds } = this.#options
    // The file is waited for a little shorter than its answer, so that the reason is SQLite's own.
    const patienceMilliseconds = Math.floor(timeoutMilliseconds * 0.8)
    const data: SqliteThreadData = { ...fileOf(path), patienceMilliseconds }
    const worker = new Worker(siblingModule(import.meta.url, './quota-worker'), { workerData: data })
    worker.unref()
    worker.on('message', (reply: QuotaReply) => this.#answered(reply))
    worker.on('error', () => {})
    worker.on('exit', () => this.#lost(worker))
    return worker
  }

  #answered(reply: QuotaReply): void {
    const waiting = this.#sent.get(reply.number)
    this.#sent.delete(reply.number)
    if (reply.kind === 'done') waiting?.resolve(reply)
    else waiting?.reject(errorOfSqlite(reply.failure))
  }

  #lost(worker: Worker): void {
    if (this.#worker !== worker) return
    this.#worker = null
    const lost = [...this.#sent.values()]
    this.#sent.clear()
    for (const { reject } of lost) reject(new StorageFailure('unreachable', 'its thread ended'))
  }
}
