import { Worker } from 'node:worker_threads'
import type { QuotaHeld, QuotaLedger, QuotaRefused } from '../../core/quotas.ts'
import { siblingModule } from '../../processes/sibling-module.ts'
import type { StorageHealth } from '../health.ts'
import { OrderGroups } from '../quotas/order-groups.ts'
import type { QuotaOrder } from '../quotas/quota-book.ts'
import { withRecovery } from '../quotas/with-recovery.ts'
import { StorageFailure } from '../storage-failure.ts'
import type { QuotaMessage, QuotaReply, QuotaWork } from './quota-orders.ts'
import { errorOfSqlite } from './sqlite-failures.ts'
import type { SqliteThreadData } from './sqlite-orders.ts'

interface EmbeddedQuotaOptions {
  readonly path: string
  readonly timeoutMilliseconds: number
  readonly health: StorageHealth
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Waking the thread costs more than what it does then, so what one request has used goes with the hold of the next. */
const settleMilliseconds = 5

type Done = QuotaReply & { readonly kind: 'done' }

/**
 * Quotas in a file of their own, for all processes of this machine. What was answered outlives every killed process; the
 * last moments before the machine loses its power may be lost, since no answer waits for the disk.
 */
export function openEmbeddedQuotas(options: EmbeddedQuotaOptions): QuotaLedger & AsyncDisposable {
  const thread = new QuotaThread(options)
  const { health } = options
  const ledger = withRecovery({
    run: (order) => health.writes(() => thread.run(order)),
    recover: () => health.writes(() => thread.recover()),
  })
  return { ...ledger, [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose]() }
}

/** The thread that has the file open, which is started again by the next order where it ended. */
class QuotaThread implements AsyncDisposable {
  readonly #options: EmbeddedQuotaOptions
  readonly #sent = new Map<number, PromiseWithResolvers<Done>>()
  readonly #groups = new OrderGroups(async (orders) => (await this.#send({ kind: 'orders', orders })).answers, {
    settleMilliseconds,
  })
  #worker: Worker | null = null
  #lastNumber = 0

  constructor(options: EmbeddedQuotaOptions) {
    this.#options = options
  }

  run(order: QuotaOrder): Promise<QuotaHeld | QuotaRefused | null> {
    return this.#groups.run(order)
  }

  async recover(): Promise<number> {
    return (await this.#send({ kind: 'recover' })).recovered
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

  async #send(work: QuotaWork): Promise<Done> {
    const { timeoutMilliseconds } = this.#options
    const reply = Promise.withResolvers<Done>()
    const number = this.#post(work)
    this.#sent.set(number, reply)
    const late = setTimeout(() => {
      this.#sent.delete(number)
      reply.reject(new StorageFailure('unreachable', `the disk did not answer for ${timeoutMilliseconds} ms`))
    }, timeoutMilliseconds)
    try {
      return await reply.promise
    } finally {
      clearTimeout(late)
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
    const data: SqliteThreadData = { path, readOnly: false, patienceMilliseconds, outlives: 'kill' }
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
