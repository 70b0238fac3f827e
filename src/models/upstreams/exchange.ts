import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { GatheredBytes } from '../../core/gathered-bytes.ts'

/** The head of an answer: its status, and its headers as name, value, name, value. */
export interface AnsweredHead {
  readonly status: number
  readonly raw: readonly string[]
}

/** All of an answer, or its head and the rest of it to be read. */
export type Answered = AnsweredHead & { readonly body: Buffer | Readable }

export interface ExchangeOptions {
  /** Up to how many bytes the body behind this head is gathered; null for one that is read piece by piece. */
  readonly gather: (head: AnsweredHead) => number | null
  /** What is wrong with a body beyond that. */
  readonly tooLong: () => Error
  readonly signal: AbortSignal
}

/**
 * One request and its answer, told by the client of HTTP as it happens. A body that is gathered costs neither a stream nor
 * an event for each of its pieces.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions
  readonly #answered = Promise.withResolvers<Answered>()
  readonly #onOver: () => void
  readonly #onAbort = (): void => this.#fail(this.#options.signal.reason)
  #controller: Dispatcher.DispatchController | null = null
  #head: AnsweredHead | null = null
  #most = 0
  #gathered: GatheredBytes | null = null
  #stream: Readable | null = null
  #isOver = false
  /** Does the client of HTTP hold the request, with its body, until it has a connection? */
  #isHeld = false

  /** `onOver` is called once, when nothing more comes of it and the client of HTTP has let the request go. */
  constructor(options: ExchangeOptions, onOver: () => void) {
    this.#options = options
    this.#onOver = onOver
    if (options.signal.aborted) this.#fail(options.signal.reason)
    else options.signal.addEventListener('abort', this.#onAbort)
  }

  /** Rejects with what the connection throws, or the reason of the signal. */
  get answered(): Promise<Answered> {
    return this.#answered.promise
  }

  /** Said before the client of HTTP is given the request. */
  willStart(): void {
    this.#isHeld = true
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#letGo()
    if (this.#isOver) controller.abort(new Error('The call was over before it had a connection.'))
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // What goes before an answer (RFC 9110, 15.2) says nothing about it.
    if (status < 200 || this.#isOver) return
    const head = { status, raw: textsOf(controller.rawHeaders) }
    this.#head = head
    const most = this.#options.gather(head)
    if (most === null) {
      this.#stream = this.#readable(controller)
      this.#answered.resolve({ ...head, body: this.#stream })
    } else {
      this.#most = most
      this.#gathered = new GatheredBytes()
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#isOver) return
    if (this.#stream !== null) {
      if (!this.#stream.push(piece)) controller.pause()
    } else if (this.#gathered !== null) {
      if (this.#gathered.length + piece.length > this.#most) this.#fail(this.#options.tooLong())
      else this.#gathered.add(piece)
    }
  }

  onResponseEnd(): void {
    if (!this.#end()) return
    if (this.#stream !== null) this.#stream.push(null)
    else if (this.#head !== null && this.#gathered !== null) {
      this.#answered.resolve({ ...this.#head, body: this.#gathered.together() })
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#letGo()
    if (this.#end()) this.#tell(error)
  }

  /** The request is on its way, or will never be. */
  #letGo(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    if (this.#isOver) this.#onOver()
  }

  #readable(controller: Dispatcher.DispatchController): Readable {
    return new Readable({
      read: () => {
        if (controller.paused) controller.resume()
      },
      destroy: (error, done) => {
        if (this.#end()) controller.abort(error ?? new Error('Nobody reads on.'))
        done(error)
      },
    })
  }

  #fail(reason: unknown): void {
    if (!this.#end()) return
    const error = reason instanceof Error ? reason : new Error('The call was cancelled.', { cause: reason })
    this.#tell(error)
    this.#controller?.abort(error)
  }

  #tell(error: Error): void {
    if (this.#stream !== null) this.#stream.destroy(error)
    else this.#answered.reject(error)
  }

  /** True the first time. */
  #end(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.#options.signal.removeEventListener('abort', this.#onAbort)
    if (!this.#isHeld) this.#onOver()
    return true
  }
}

/** The client hands raw headers over as a flat list of bytes. */
function textsOf(raw: Dispatcher.DispatchController['rawHeaders']): readonly string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
}
