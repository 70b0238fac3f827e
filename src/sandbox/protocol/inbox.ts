import type { ServiceError } from '../../core/errors.ts'
import type { Channel, ProtocolConnection } from './connection.ts'
import { protocolFault } from './frames.ts'
import type { SupervisorMessage } from './messages.ts'

/** One answer: a message, or a piece of a file. */
export type Delivery =
  | { readonly kind: 'message'; readonly message: SupervisorMessage }
  | { readonly kind: 'chunk'; readonly bytes: Buffer }

/** More than this may not lie unread: the supervisor may only send what it was given credit for. */
const unreadBytes = 4 * 1_048_576
const unreadMessages = 10_000

/** The answers to one request, taken one after the other. */
export class Inbox implements Channel, Disposable {
  readonly id: number
  readonly #connection: ProtocolConnection
  readonly #unread: Delivery[] = []
  #bytes = 0
  #loss: ServiceError | null = null
  #waiting: (() => void) | null = null

  constructor(connection: ProtocolConnection) {
    this.#connection = connection
    this.id = connection.open(this)
  }

  onMessage(message: SupervisorMessage): void {
    if (this.#unread.length >= unreadMessages) throw protocolFault('too many answers to one request')
    this.#deliver({ kind: 'message', message })
  }

  onChunk(bytes: Buffer): void {
    this.#bytes += bytes.length
    if (this.#bytes > unreadBytes) throw protocolFault('more of a file than was asked for')
    this.#deliver({ kind: 'chunk', bytes })
  }

  onLost(reason: ServiceError): void {
    this.#loss = reason
    this.#waiting?.()
  }

  /** What is there already, without waiting. */
  poll(): Delivery | undefined {
    const delivery = this.#unread.shift()
    if (delivery?.kind === 'chunk') this.#bytes -= delivery.bytes.length
    if (delivery === undefined && this.#loss !== null) throw this.#loss
    return delivery
  }

  /** Rejects with the signal's reason, or with `sandbox-lost`. */
  async next(signal: AbortSignal): Promise<Delivery> {
    for (;;) {
      signal.throwIfAborted()
      const delivery = this.poll()
      if (delivery !== undefined) return delivery
      const waiting = Promise.withResolvers<void>()
      const wake = () => waiting.resolve()
      this.#waiting = wake
      signal.addEventListener('abort', wake, { once: true })
      if (this.#loss === null) await waiting.promise
      signal.removeEventListener('abort', wake)
    }
  }

  send(message: object): void {
    this.#connection.send({ ...message, id: this.id })
  }

  [Symbol.dispose](): void {
    this.#connection.close(this.id)
  }

  #deliver(delivery: Delivery): void {
    this.#unread.push(delivery)
    this.#waiting?.()
  }
}

/** One request with one answer. */
export async function ask(
  connection: ProtocolConnection,
  request: object,
  signal: AbortSignal,
): Promise<SupervisorMessage> {
  using inbox = new Inbox(connection)
  inbox.send(request)
  const delivery = await inbox.next(signal)
  if (delivery.kind === 'message') return delivery.message
  throw protocolFault('a piece of a file as an answer')
}
