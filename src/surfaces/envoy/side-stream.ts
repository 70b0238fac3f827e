import { status as grpcStatus, type ServerDuplexStream } from '@grpc/grpc-js'
import { timeLimit } from '../../concurrency/time-limit.ts'
import { ServiceError } from '../../core/errors.ts'
import type { ProcessingRequest, ProcessingResponse } from './services.ts'

export interface SideStreamOptions {
  /** How long Envoy may take nothing of what is written, in milliseconds. */
  readonly stallMilliseconds: number
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
}

const gone = (): ServiceError => new ServiceError('cancelled', 'The caller closed the connection.')

/**
 * The stream on which Envoy tells of one exchange and is told what to make of it. Nothing is read before it is asked for.
 *
 * It is never ended well before the exchange is over: Envoy takes a clean end in the middle for consent, and passes the rest
 * of the answer on unread, whatever `failure_mode_allow` says (seen with 1.40).
 */
export class SideStream {
  readonly #call: ServerDuplexStream<ProcessingRequest, ProcessingResponse>
  readonly #stallMilliseconds: number
  readonly #controller = new AbortController()
  readonly #stopping: AbortSignal
  readonly #stop = (): void => this.#controller.abort(this.#stopping.reason)
  #isOver = false
  #isGone = false
  readonly #sleepers = new Set<() => void>()

  constructor(
    call: ServerDuplexStream<ProcessingRequest, ProcessingResponse>,
    { stallMilliseconds, stopping }: SideStreamOptions,
  ) {
    this.#call = call
    this.#stallMilliseconds = stallMilliseconds
    this.#stopping = stopping
    if (stopping.aborted) this.#stop()
    stopping.addEventListener('abort', this.#stop)
    const wake = (): void => this.#wake()
    this.signal.addEventListener('abort', wake)
    call.on('readable', wake)
    call.on('drain', wake)
    const leave = (): void => {
      this.#isGone = true
      if (!this.#isOver) this.#controller.abort(gone())
      this.#release()
    }
    call.on('end', leave)
    call.on('cancelled', leave)
    call.on('error', leave)
  }

  /** Aborts when Envoy lets go before the exchange is over, or the service stops. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Has Envoy let go? Nothing that is written is read then. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** The next message; rejects with the reason of `signal`. */
  async next(signal: AbortSignal = this.signal): Promise<ProcessingRequest> {
    for (;;) {
      this.signal.throwIfAborted()
      signal.throwIfAborted()
      if (this.#isOver || this.#isGone) throw gone()
      const message = this.#call.read() as ProcessingRequest | null
      if (message !== null) return message
      await this.#woken(signal)
    }
  }

  /** Resolves when there is room for more; rejects with `cancelled` where Envoy is gone, or takes nothing for too long. */
  async send(response: ProcessingResponse): Promise<void> {
    if (this.#isGone) throw gone()
    if (this.#call.write(response)) return
    using limit = timeLimit(this.#stallMilliseconds)
    const late = limit.signal
    while (this.#call.writableNeedDrain && !this.#isGone) {
      if (late.aborted) throw new ServiceError('cancelled', 'The caller reads nothing of the answer.')
      await this.#woken(late)
    }
    if (this.#isGone) throw gone()
  }

  /** The exchange is over, and Envoy knows all there is to know of it. */
  end(): void {
    this.#isOver = true
    this.#release()
    if (!this.#isGone) this.#call.end()
  }

  /** Breaks off: what Envoy has not been told, it passes nothing of. */
  fail(details: string): void {
    this.#isOver = true
    this.#release()
    if (!this.#isGone) this.#call.emit('error', { code: grpcStatus.ABORTED, details })
  }

  #woken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        this.#sleepers.delete(wake)
        resolve()
      }
      signal.addEventListener('abort', wake)
      this.#sleepers.add(wake)
    })
  }

  #wake(): void {
    for (const wake of this.#sleepers) wake()
  }

  #release(): void {
    this.#stopping.removeEventListener('abort', this.#stop)
    this.#wake()
  }
}
