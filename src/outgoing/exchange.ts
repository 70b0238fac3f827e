import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { GatheredBytes } from '../core/gathered-bytes.ts'

/** The head of an answer: its status, and its headers as name, value, name, value. */
export interface AnsweredHead {
  readonly status: number
  readonly raw: readonly string[]
}

/** All of an answer, or its head and the rest of it to be read. */
export type Answered = AnsweredHead & { readonly body: Buffer | Readable }

/** What holds for every exchange with an upstream. */
export interface ExchangeRules {
  /** Up to how many bytes the body behind this head is gathered; null for one that is read piece by piece. */
  readonly gather: (head: AnsweredHead) => number | null
  /** What is wrong with a body beyond that. */
  readonly tooLong: () => Error
  /** Milliseconds until the head of the answer, with what the call waits for a connection. */
  readonly timeoutMilliseconds: number
  /** What is wrong with an upstream that is not connected to, or does not begin to answer, in that time. */
  readonly tooLate: () => Error
}

export interface ExchangeOptions {
  readonly rules: ExchangeRules
  readonly signal: AbortSignal
  /** Milliseconds that are left of the time; null for a call that has not waited. */
  readonly left: number | null
}

/**
 * One request and its answer, told by the client of HTTP as it happens. A body that is gathered costs neither a stream nor
 * an event for each of its pieces. The time until an answer begins is the client's to watch where there is a connection
 * at once, and is watched here where there is none.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #rules: ExchangeRules
  readonly #signal: AbortSignal
  readonly #answered = Promise.withResolvers<Answered>()
  readonly #onOver: () => void
  readonly #onAbort = (): void => this.#fail(this.#signal.reason)
  #controller: Dispatcher.DispatchController | null = null
  /** Takes the request, with its body, out of the client of HTTP as long as it has no connection. */
  #takeOut: (() => void) | null = null
  #late: NodeJS.Timeout | null = null
  #head: AnsweredHead | null = null
  #most = 0
  #gathered: GatheredBytes | null = null
  #stream: Readable | null = null
  #isOver = false

  /** `onOver` is called once, when nothing more comes of it. */
  constructor({ rules, signal, left }: ExchangeOptions, onOver: () => void) {
    this.#rules = rules
    this.#signal = signal
    this.#onOver = onOver
    if (left !== null) this.#answerWithin(left)
    if (signal.aborted) this.#fail(signal.reason)
    else signal.addEventListener('abort', this.#onAbort)
  }

  /** Rejects with what the connection throws, or the reason of the signal. */
  get answered(): Promise<Answered> {
    return this.#answered.promise
  }

  /** The client of HTTP has taken the request, and gives it back by this as long as it has no connection for it. */
  onTaken(takeOut: () => void): void {
    if (this.#controller !== null || this.#isOver) return
    this.#takeOut = takeOut
    if (this.#late === null) this.#answerWithin(this.#rules.timeoutMilliseconds)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(new Error('The call was over before it had a connection.'))
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // What goes before an answer (RFC 9110, 15.2) says nothing about it.
    if (status < 200 || this.#isOver) return
    const head = { status, raw: textsOf(controller.rawHeaders) }
    this.#head = head
    if (this.#late !== null) clearTimeout(this.#late)
    const most = this.#rules.gather(head)
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
      if (this.#gathered.length + piece.length > this.#most) this.#fail(this.#rules.tooLong())
      else this.#gathered.add(piece)
    }
  }

  onResponseEnd(): void {
    if (!this.#end()) return
    if (this.#stream !== null) this.#stream.push(null)
    else if (this.#head !== null && this.#gathered !== null) {
      this.#answered.resolve({ ...this.#head, body: this.#gathered.together() })
    }
    this.#onOver()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (!this.#end()) return
    this.#tell(error)
    this.#onOver()
  }

  #answerWithin(milliseconds: number): void {
    this.#late = setTimeout(() => this.#fail(this.#rules.tooLate()), milliseconds)
  }

  #readable(controller: Dispatcher.DispatchController): Readable {
    return new Readable({
      read: () => {
        if (controller.paused) controller.resume()
      },
      destroy: (error, done) => {
        if (this.#end()) {
          controller.abort(error ?? new Error('Nobody reads on.'))
          this.#onOver()
        }
        done(error)
      },
    })
  }

  #fail(reason: unknown): void {
    if (!this.#end()) return
    const error = reason instanceof Error ? reason : new Error('The call was cancelled.', { cause: reason })
    this.#tell(error)
    if (this.#controller === null) this.#takeOut?.()
    else this.#controller.abort(error)
    // Whoever comes next finds the connection free, or the attempt at it given up.
    this.#onOver()
  }

  #tell(error: Error): void {
    if (this.#stream !== null) this.#stream.destroy(error)
    else this.#answered.reject(error)
  }

  /** True the first time. */
  #end(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.#signal.removeEventListener('abort', this.#onAbort)
    if (this.#late !== null) clearTimeout(this.#late)
    return true
  }
}

/** The client hands raw headers over as a flat list of bytes. */
function textsOf(raw: Dispatcher.DispatchController['rawHeaders']): readonly string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
}
