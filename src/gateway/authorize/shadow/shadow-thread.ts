import { Worker } from 'node:worker_threads'
import { ServiceError } from '../../../core/errors.ts'
import { readRegularFile } from '../../../files/regular-file.ts'
import { siblingModule } from '../../../processes/sibling-module.ts'
import type { DecisionInput, DecisionName } from '../decisions.ts'
import type { Evaluated, PolicyEngine } from '../engine.ts'
import { bundleLimit } from '../open-policy.ts'
import type { ShadowAnswer, ShadowOrder, ShadowThreadData } from './shadow-orders.ts'

/** How long a bundle may take to be opened, in milliseconds. */
const openingMilliseconds = 30_000

type Waiting = PromiseWithResolvers<Evaluated>

/**
 * A bundle in a thread of its own. Rules in WebAssembly cannot be broken off, but their thread can be ended: one that answers
 * too late is, and the next question starts another.
 */
export class ShadowThread implements Pick<PolicyEngine, 'evaluate'>, AsyncDisposable {
  readonly #data: ShadowThreadData
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #opened: PromiseWithResolvers<void> = Promise.withResolvers()
  #lastNumber = 0

  private constructor(data: ShadowThreadData) {
    this.#data = data
  }

  /** Rejects with `invalid-config` where the bundle cannot be used. */
  static async open(path: string): Promise<ShadowThread> {
    const packed = await readRegularFile(path, bundleLimit)
    const thread = new ShadowThread({ packed: new Uint8Array(packed), where: path })
    const late = setTimeout(
      () => void thread.#end(`it was not open after ${openingMilliseconds} ms`),
      openingMilliseconds,
    )
    try {
      thread.#worker = thread.#start()
      await thread.#opened.promise
      return thread
    } catch (cause) {
      await thread[Symbol.asyncDispose]()
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new ServiceError('invalid-config', `policy.shadow cannot be used: ${why}`, { cause })
    } finally {
      clearTimeout(late)
    }
  }

  evaluate<Name extends DecisionName>(name: Name, input: DecisionInput<Name>, signal: AbortSignal): Promise<Evaluated> {
    const waiting: Waiting = Promise.withResolvers()
    this.#lastNumber += 1
    const number = this.#lastNumber
    this.#waiting.set(number, waiting)
    signal.addEventListener('abort', () => {
      if (this.#waiting.has(number)) void this.#end('its thread was ended, since another answer came too late')
    })
    this.#worker ??= this.#start()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage({ number, name, input } satisfies ShadowOrder)
    return waiting.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('it is closed')
  }

  #start(): Worker {
    this.#opened = Promise.withResolvers()
    // Heard by whoever opens; of a thread that is started again nobody waits for it.
    this.#opened.promise.catch(() => undefined)
    const worker = new Worker(siblingModule(import.meta.url, './shadow-worker'), { workerData: this.#data })
    worker.unref()
    let why = 'its thread ended'
    worker.on('message', (answer: ShadowAnswer) => this.#answered(answer))
    worker.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', () => {
      if (this.#worker === worker) void this.#end(why)
    })
    return worker
  }

  #answered(answer: ShadowAnswer): void {
    if (answer.kind === 'opened') {
      if (answer.fault === null) this.#opened.resolve()
      else this.#opened.reject(new Error(answer.fault))
      return
    }
    const waiting = this.#waiting.get(answer.number)
    this.#waiting.delete(answer.number)
    if (answer.kind === 'evaluated') waiting?.resolve(answer.evaluated)
    else waiting?.reject(new Error(answer.fault))
  }

  async #end(why: string): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    const lost = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#opened.reject(new Error(why))
    for (const { reject } of lost) reject(new Error(why))
    await worker?.terminate()
  }
}
