import ivm from 'isolated-vm'
import type { Describe, Stream } from './guest/bootstrap.ts'
import { guestSource } from './guest/guest.ts'

type Bootstrapped = ivm.Reference<[() => void, Describe]>

export interface SessionHost {
  /** Writes what fits; answers whether the stream is full. */
  readonly write: (stream: Stream, text: string) => boolean
  readonly outputBytes: number
}

/**
 * One context: globals and builtins of its own for one session. Everything of the process that the session's code can
 * reach is a closure over this object, so what an ended session still holds does nothing any more.
 */
export class IsolateSession {
  readonly context: ivm.Context
  readonly describe: ivm.Reference<Describe>
  readonly #begin: ivm.Reference<() => void>
  readonly #host: SessionHost
  readonly #timers = new Set<NodeJS.Timeout>()
  #ended = false
  #spoiled = false
  /** Has a run filled a stream or set a timer? */
  #worn = false

  constructor(isolate: ivm.Isolate, host: SessionHost) {
    this.#host = host
    this.context = isolate.createContextSync()
    const pair = this.context.evalClosureSync(
      guestSource,
      [
        new ivm.Callback((stream: unknown, text: unknown) => this.#write(stream, text)),
        new ivm.Reference((milliseconds: number) => this.#timer(milliseconds)),
        host.outputBytes,
        new ivm.Callback(() => this.spoil()),
      ],
      { result: { reference: true }, filename: 'sallyport' },
    ) as Bootstrapped
    this.#begin = pair.getSync(0, { reference: true })
    this.describe = pair.getSync(1, { reference: true })
    pair.release()
  }

  /**
   * May its code run again after the session's end? Only what the process or the collector calls back can do that:
   * timers, finalizers, and whatever stood in the queue of an execution that was broken off.
   */
  get spoiled(): boolean {
    return this.#spoiled
  }

  spoil(): void {
    this.#spoiled = true
  }

  /** Opens streams that the run before has filled, and forgets the timers it has left. */
  beginRun(): void {
    if (this.#worn) this.#begin.applySync(undefined, [])
    this.#worn = false
  }

  end(): void {
    this.#ended = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Lets the collector have the context; only where the isolate lives on. */
  release(): void {
    this.#begin.release()
    this.describe.release()
    this.context.release()
  }

  #write(stream: unknown, text: unknown): boolean {
    if (this.#ended || (stream !== 'stdout' && stream !== 'stderr') || typeof text !== 'string') return true
    const full = this.#host.write(stream, text)
    this.#worn ||= full
    return full
  }

  #timer(milliseconds: number): Promise<void> {
    this.spoil()
    this.#worn = true
    return new Promise((resolve) => {
      if (this.#ended) return
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        resolve()
      }, milliseconds)
      this.#timers.add(timer)
    })
  }
}
